import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';
import { Span } from '../../../runtime/span.js';
import { Backoff } from './backoff.js';
import type { WaitingFor } from './filematch-jobs.js';
import type { JobAtWork } from './job-at-work.js';
import type { Trouble } from './trouble.js';

const HOUR = 60 * 60_000;

/** Nothing went well for so long that the job ends; it can be taken up again. */
export class GaveUp extends Error {
  constructor(
    readonly waitingFor: WaitingFor,
    cause?: unknown,
  ) {
    super(`gave up waiting: ${waitingFor}`, { cause });
    this.name = 'GaveUp';
  }
}

/** How long a job waits for trouble to pass (`filematch.patienceHours`), counted from when something last went well. */
export class Patience {
  readonly #parts: { readonly clock: Clock; readonly random: Random };
  readonly #milliseconds: number;
  readonly #job: JobAtWork;
  #span: Span;

  constructor(parts: { readonly clock: Clock; readonly random: Random }, hours: number, job: JobAtWork) {
    this.#parts = parts;
    this.#milliseconds = hours * HOUR;
    this.#job = job;
    this.#span = this.#anew();
  }

  get isOver(): boolean {
    return this.#span.left === 0;
  }

  /** Something went well. */
  renew(): void {
    this.#span = this.#anew();
  }

  /** Tries at something that begin now. */
  tries(): Tries {
    return new Tries(this, this.#job, this.#parts.clock, new Backoff(this.#parts.random));
  }

  #anew(): Span {
    return new Span(this.#parts.clock, this.#milliseconds);
  }
}

/** What is tried until it goes well. Call `end` in any case. */
export class Tries {
  readonly #patience: Patience;
  readonly #job: JobAtWork;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  #waiting: { readonly waitingFor: WaitingFor; readonly end: () => void } | undefined;

  constructor(patience: Patience, job: JobAtWork, clock: Clock, backoff: Backoff) {
    this.#patience = patience;
    this.#job = job;
    this.#clock = clock;
    this.#backoff = backoff;
  }

  /**
   * Waits until it is time for another try; the job waits from now on until one goes well.
   * @throws GaveUp when that has lasted too long, the signal's reason
   */
  async again({ waitingFor, error, leaveAloneMilliseconds }: Trouble, signal: AbortSignal): Promise<void> {
    if (this.#patience.isOver) throw new GaveUp(waitingFor, error);
    if (this.#waiting?.waitingFor !== waitingFor) {
      this.#waiting?.end();
      this.#waiting = { waitingFor, end: this.#job.waits(waitingFor, error) };
    }
    await this.#clock.sleep(Math.max(this.#backoff.next(), leaveAloneMilliseconds), signal);
  }

  /** A try went well. */
  succeeded(): void {
    this.#patience.renew();
    this.#backoff.reset();
    this.end();
  }

  end(): void {
    this.#waiting?.end();
    this.#waiting = undefined;
  }
}

/** What is tried, and who tells what its errors mean. */
export interface Attempt<Result> {
  readonly patience: Patience;
  readonly signal: AbortSignal;
  /** @param goesWell for work that takes long: to be called when it has come further */
  attempt(goesWell: () => void): Result | Promise<Result>;
  /** Undefined for an error that no waiting mends. */
  readonly troubleOf: (error: unknown) => Trouble | undefined;
}

/**
 * Tries something until it goes well.
 * @throws GaveUp, the signal's reason, and what is no trouble that passes
 */
export async function keepTrying<Result>(work: Attempt<Result>): Promise<Result> {
  const tries = work.patience.tries();
  try {
    for (;;) {
      try {
        const result = await work.attempt(() => {
          tries.succeeded();
        });
        tries.succeeded();
        return result;
      } catch (error) {
        work.signal.throwIfAborted();
        const trouble = work.troubleOf(error);
        if (trouble === undefined) throw error;
        await tries.again(trouble, work.signal);
      }
    }
  } finally {
    tries.end();
  }
}
