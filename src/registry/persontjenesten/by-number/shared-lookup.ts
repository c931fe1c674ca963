import type { JsonObject } from '../../../mapping/json.js';
import type { NationalId } from '../../../person/national-id.js';
import type { CorrelationId } from '../../../runtime/correlation.js';
import type { Caller } from '../../person-registry.js';
import { abortError } from '../abort-error.js';

/** Somebody who waits for the answer. */
interface Waiter {
  readonly correlationId: CorrelationId;
  readonly deadline: Date | undefined;
  resolve(document: JsonObject | undefined): void;
  reject(error: unknown): void;
}

/** The call that a lookup was sent with. */
export interface SentWith {
  readonly correlationId: CorrelationId;
  /** How many people the call asks about. */
  readonly people: number;
}

/** What a lookup is made of. */
export interface SharedLookupParts {
  readonly nin: NationalId;
  /** Who asked first: calls for this lookup alone are made in this one's name. */
  readonly opener: Caller;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  /** Told when somebody's lookup is answered by a call with another correlation id. */
  readonly onShared: (correlationId: CorrelationId, call: SentWith) => void;
  /** Told when it has ended or nobody waits for it any more. */
  readonly onEnd: () => void;
}

/**
 * A lookup that is under way for longer is not joined, since its answer may be older than what happened since; nor by
 * who has so much more time left, since its call may be given up for want of time.
 */
const JOINED_WITHIN_MILLISECONDS = 1_000;

/** One client's question for one person, for all its requests that ask it at the same time; each may leave without the others. */
export class SharedLookup {
  readonly #waiting = new Set<Waiter>();
  readonly #abandoned = new AbortController();
  #sentWith: SentWith | undefined;

  constructor(private readonly parts: SharedLookupParts) {}

  get nin(): NationalId {
    return this.parts.nin;
  }

  get opener(): Caller {
    return this.parts.opener;
  }

  /** When the last of those who wait stops waiting; undefined where one of them does not know. */
  get deadline(): Date | undefined {
    return latest([...this.#waiting].map(({ deadline }) => deadline));
  }

  /** Aborts when nobody waits for the answer any more, for the reason of the last who left. */
  get signal(): AbortSignal {
    return this.#abandoned.signal;
  }

  /** Whether the answer is as good to that caller as one of its own. @param now milliseconds since the epoch */
  mayBeJoined({ deadline }: Caller, now: number): boolean {
    const own = this.parts.opener.deadline;
    const lead = own === undefined ? 0 : (deadline?.getTime() ?? Infinity) - own.getTime();
    const age = now - this.parts.openedAt;
    // A clock that was set back tells nothing of the age.
    return age >= 0 && age <= JOINED_WITHIN_MILLISECONDS && lead <= JOINED_WITHIN_MILLISECONDS;
  }

  /** Waits for the answer. @throws AdapterError as the lookup ends, and when the caller's own signal aborts */
  join({ correlationId, deadline, signal }: Caller): Promise<JsonObject | undefined> {
    if (this.#sentWith !== undefined) this.#tell(correlationId, this.#sentWith);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        correlationId,
        deadline,
        resolve: (document) => {
          signal.removeEventListener('abort', leave);
          resolve(document);
        },
        reject: (error) => {
          signal.removeEventListener('abort', leave);
          // What a call failed with is passed on as it is.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(error);
        },
      };
      const leave = (): void => {
        this.#waiting.delete(waiter);
        waiter.reject(abortError(signal, 'the deadline passed while waiting for the answer'));
        if (this.#waiting.size > 0) return;
        this.parts.onEnd();
        // Whether somebody hung up or time was up is told apart by whoever makes the call.
        this.#abandoned.abort(signal.reason);
      };
      this.#waiting.add(waiter);
      signal.addEventListener('abort', leave);
    });
  }

  /** Notes the call that is made now, for whoever follows one of the lookups to it. */
  sendWith(call: SentWith): void {
    this.#sentWith = call;
    for (const { correlationId } of this.#waiting) this.#tell(correlationId, call);
  }

  /** Answers everybody who still waits. */
  answer(document: JsonObject | undefined): void {
    this.parts.onEnd();
    for (const waiter of this.#waiting) waiter.resolve(document);
    this.#waiting.clear();
  }

  /** Fails everybody who still waits. */
  fail(error: unknown): void {
    this.parts.onEnd();
    for (const waiter of this.#waiting) waiter.reject(error);
    this.#waiting.clear();
  }

  #tell(correlationId: CorrelationId, call: SentWith): void {
    if (correlationId !== call.correlationId) this.parts.onShared(correlationId, call);
  }
}

/** The last of some deadlines; undefined where one of them is not known. */
export function latest(deadlines: readonly (Date | undefined)[]): Date | undefined {
  const times = deadlines.map((deadline) => deadline?.getTime() ?? Infinity);
  const last = Math.max(...times);
  return Number.isFinite(last) ? new Date(last) : undefined;
}
