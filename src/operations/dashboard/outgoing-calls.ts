import { MinuteCounts, minuteOf } from './minute-counts.js';
import { TIME_COLUMNS, timeAt, timeColumn } from './response-times.js';
import { PLOT_MINUTES, TABLE_MINUTES } from './traffic.js';

const ENDINGS = 2;
const WENT_WELL = 0;
const FAILED = 1;

/** Calls of one operation within {@link TABLE_MINUTES}. */
export interface CallRow {
  readonly operation: string;
  readonly calls: number;
  readonly failed: number;
  /** In milliseconds; undefined where there were none. */
  readonly median: number | undefined;
  readonly p95: number | undefined;
  readonly lastAt: Date;
}

/** How the service behind the calls is. */
export interface CallState {
  /** Whether it is asked: always, not at all for a while, or by a call that tries; and since when. */
  readonly breaker: { readonly state: 'closed' | 'open' | 'half-open'; readonly since: Date | undefined };
  /** Until when it wants to be left alone, where it does. */
  readonly heldBackUntil: Date | undefined;
  readonly lastAnswerAt: Date | undefined;
  readonly lastFailure: { readonly at: Date; readonly what: string } | undefined;
}

/** A call that ended. */
export interface EndedCall {
  readonly operation: string;
  readonly milliseconds: number;
  /** A status or a code; undefined for one that went well. */
  readonly failure: string | undefined;
}

interface Series {
  readonly counts: MinuteCounts;
  lastAt: Date;
}

/** Calls to one service over the last hours. */
export class OutgoingCalls {
  readonly #operations = new Map<string, Series>();
  readonly #all = new MinuteCounts(PLOT_MINUTES, ENDINGS + TIME_COLUMNS);
  #breaker: CallState['breaker'] = { state: 'closed', since: undefined };
  #heldBackUntil: Date | undefined;
  #lastAnswerAt: Date | undefined;
  #lastFailure: CallState['lastFailure'];

  note({ operation, milliseconds, failure }: EndedCall, now: Date): void {
    const series = this.#operations.get(operation) ?? {
      counts: new MinuteCounts(TABLE_MINUTES, ENDINGS + TIME_COLUMNS),
      lastAt: now,
    };
    this.#operations.set(operation, series);
    series.lastAt = now;
    for (const counts of [series.counts, this.#all]) {
      counts.add(minuteOf(now), failure === undefined ? WENT_WELL : FAILED);
      counts.add(minuteOf(now), ENDINGS + timeColumn(milliseconds));
    }
    if (failure === undefined) this.#lastAnswerAt = now;
    else this.#lastFailure = { at: now, what: failure };
  }

  noteBreaker(state: CallState['breaker']['state'], now: Date): void {
    this.#breaker = { state, since: now };
  }

  noteHeldBack(seconds: number, now: Date): void {
    this.#heldBackUntil = new Date(now.getTime() + seconds * 1_000);
  }

  state(now: Date): CallState {
    const until = this.#heldBackUntil;
    return {
      breaker: this.#breaker,
      heldBackUntil: until !== undefined && until > now ? until : undefined,
      lastAnswerAt: this.#lastAnswerAt,
      lastFailure: this.#lastFailure,
    };
  }

  /** By operation, the most frequent first. */
  rows(now: Date): readonly CallRow[] {
    return [...this.#operations]
      .map(([operation, { counts, lastAt }]) => {
        const sums = counts.sum(minuteOf(now), TABLE_MINUTES);
        return { operation, ...figuresOf(sums), lastAt };
      })
      .sort((a, b) => b.calls - a.calls || a.operation.localeCompare(b.operation, 'en'));
  }

  /** All operations together. */
  total(now: Date): Omit<CallRow, 'operation' | 'lastAt'> {
    return figuresOf(this.#all.sum(minuteOf(now), TABLE_MINUTES));
  }

  /** The 95th percentile of the minutes that end with `last`, in milliseconds. */
  p95(last: number, minutes: number): number | undefined {
    return timeAt(this.#all.sum(last, minutes).subarray(ENDINGS), 0.95);
  }
}

function figuresOf(sums: Uint32Array): Omit<CallRow, 'operation' | 'lastAt'> {
  const times = sums.subarray(ENDINGS);
  const failed = sums[FAILED] ?? 0;
  return {
    calls: (sums[WENT_WELL] ?? 0) + failed,
    failed,
    median: timeAt(times, 0.5),
    p95: timeAt(times, 0.95),
  };
}
