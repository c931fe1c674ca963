import type { Clock } from '../../../runtime/clock.js';

/** A rest that somebody can end. */
export class Nap {
  #isEnded = false;
  #end = (): void => {
    this.#isEnded = true;
  };

  constructor(private readonly clock: Clock) {}

  /** Rests for so many milliseconds, until it is ended or the signal aborts; not at all where it was ended since the last one. */
  async rest(milliseconds: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const end = (): void => {
      over.abort();
    };
    if (this.#isEnded || signal.aborted) end();
    this.#isEnded = false;
    this.#end = end;
    signal.addEventListener('abort', end, { once: true });
    try {
      await this.clock.sleep(milliseconds, over.signal);
    } catch (error) {
      if (!over.signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', end);
      this.#end = () => {
        this.#isEnded = true;
      };
    }
  }

  /** Ends the rest that is taken, or the next one. */
  end(): void {
    this.#end();
  }
}
