import { asAdapterError, StoreFailed } from '../../errors/errors.js';
import type { EventSink } from '../../operations/events.js';
import type { CutoverEvents } from '../../operations/cutover-events.js';
import { alarm, type Clock, type StopAlarm } from '../../runtime/clock.js';

/** So many are written at a time, so that nobody has to wait for long. */
const BATCH = 200;

/** For so long a store that failed is left alone: one that is locked takes its time to fail, and everybody waits for it. */
const PAUSE_MILLISECONDS = 10_000;

/** What a writer is made of. */
export interface BatchedWriterParts<Item> {
  readonly what: CutoverEvents['cutoverNotStored']['what'];
  /** All or none. @throws StoreFailed */
  readonly write: (items: readonly Item[]) => void;
  /** How many are held at most; more are lost. */
  readonly most: number;
  /** How long one waits for others. */
  readonly milliseconds: number;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** Writes many at once, away from whoever has something to write. While the store fails they wait, and it is tried again. */
export class BatchedWriter<Item> {
  #waiting: Item[] = [];
  #lost = 0;
  #isInTrouble = false;
  #isWriting = false;
  #isOver = false;
  #stopAlarm: StopAlarm | undefined;

  constructor(private readonly parts: BatchedWriterParts<Item>) {}

  /** Something to write; nothing more is taken after the end. */
  add(item: Item): void {
    if (this.#isOver) return;
    if (this.#waiting.length >= this.parts.most) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(item);
    if (this.#waiting.length >= BATCH && !this.#isInTrouble) this.#writeSoon();
    else this.#writeLater();
  }

  /** Writes all that waits, as far as the store takes it, and nothing after that. */
  end(): void {
    this.#isOver = true;
    this.#stopAlarm?.();
    this.#stopAlarm = undefined;
    while (this.#waiting.length > 0 && this.#writeSome());
  }

  #writeLater(): void {
    const { clock, milliseconds } = this.parts;
    this.#stopAlarm ??= alarm(clock, this.#isInTrouble ? PAUSE_MILLISECONDS : milliseconds, () => {
      this.#stopAlarm = undefined;
      this.#writeOn();
    });
  }

  #writeSoon(): void {
    if (this.#isWriting) return;
    this.#isWriting = true;
    setImmediate(() => {
      this.#isWriting = false;
      this.#writeOn();
    });
  }

  /** One batch in each turn, so that others have theirs. */
  #writeOn(): void {
    if (this.#isOver || this.#waiting.length === 0) return;
    if (!this.#writeSome()) this.#writeLater();
    else if (this.#waiting.length >= BATCH) this.#writeSoon();
    else if (this.#waiting.length > 0) this.#writeLater();
  }

  /** @returns whether it succeeded */
  #writeSome(): boolean {
    const { what, write, events } = this.parts;
    const batch = this.#waiting.slice(0, BATCH);
    try {
      write(batch);
    } catch (error) {
      // What the store will never take must not be in the way of the rest.
      if (!(error instanceof StoreFailed)) {
        this.#waiting = this.#waiting.slice(batch.length);
        this.#lost += batch.length;
      }
      if (!this.#isInTrouble) events.emit('cutoverNotStored', { what, error: asAdapterError(error) });
      this.#isInTrouble = true;
      return false;
    }
    this.#waiting = this.#waiting.slice(batch.length);
    if (this.#isInTrouble) events.emit('cutoverStored', { what, lost: this.#lost });
    this.#isInTrouble = false;
    this.#lost = 0;
    return true;
  }
}
