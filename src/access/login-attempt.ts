import type { LegacyClient } from './legacy-client.js';

/** One check of one credential, for everybody who waits for it; given up when nobody does any more. */
export class LoginAttempt {
  readonly #abandoned = new AbortController();
  readonly #outcome: Promise<LegacyClient>;
  #waiting = 0;

  /** @param ended - called when nobody may join any more: the outcome is there, or everybody has left. */
  constructor(
    check: (signal: AbortSignal) => Promise<LegacyClient>,
    private readonly ended: () => void,
  ) {
    this.#outcome = check(this.#abandoned.signal).finally(ended);
    // Those who wait hear of a failure through join; if all have left, nobody needs to.
    this.#outcome.catch(() => undefined);
  }

  /** The outcome, or the signal's reason as soon as it aborts. */
  async join(signal: AbortSignal): Promise<LegacyClient> {
    this.#waiting += 1;
    let leave: () => void = () => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        reject(abortReason(signal));
      };
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
    });
    try {
      return await Promise.race([this.#outcome, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      this.#waiting -= 1;
      if (this.#waiting === 0) {
        this.ended();
        this.#abandoned.abort();
      }
    }
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}
