import { InternalError } from '../../../errors/errors.js';
import { newCorrelationId } from '../../../runtime/correlation.js';
import type { Random } from '../../../runtime/random.js';
import type { Matcher } from '../matching/matcher.js';
import type { InputRow } from '../record.js';
import { inBatches, type JudgedRow } from './batches.js';
import type { Lookup, Stops } from './lookup.js';
import type { FinishedBatch, Output } from './output.js';
import { keepTrying, type Patience } from './patience.js';
import type { Politeness } from './politeness.js';
import type { RowBudget } from './row-budget.js';
import type { JobClaim } from './spool.js';
import { troubleOf } from './trouble.js';

/** What a run through the rows of a job is made of. */
export interface RunParts {
  /** All rows of the input, from the first. */
  readonly rows: AsyncIterable<InputRow>;
  /** How many there are, and how many of them are done. */
  readonly count: number;
  readonly done: number;
  readonly claim: Pick<JobClaim, 'isFirst'>;
  readonly matcher: Matcher;
  readonly lookup: Lookup;
  readonly output: Output;
  readonly patience: Patience;
  readonly politeness: Politeness;
  readonly budget: RowBudget;
  readonly rowsPerBatch: number;
  readonly maxConcurrentBatches: number;
  readonly random: Random;
  /** Called when more rows are done. */
  onStored(): void;
}

/**
 * So many batches for each that may be looked up at a time wait to be written: while one waits out trouble, the next ones are
 * looked up, and then no more.
 */
const BATCHES_AHEAD = 3;

/** No batch is stored together with others beyond so many rows: whoever else needs the store or the process waits for them. */
const ROWS_STORED_TOGETHER = 800;

type Settled = { readonly batch: FinishedBatch } | { readonly error: unknown };

interface Pending {
  settled: Settled | undefined;
}

/**
 * Takes the rows of a job that are not done through lookup and writing, several batches at a time, and writes them in the order of
 * the input. Nothing of it outlives the run.
 */
export class MatchingRun {
  readonly #parts: RunParts;
  /** Batches that are not stored, in order. */
  readonly #queue: Pending[] = [];
  #underWay = 0;
  #hasReadAll = false;
  #isReading = true;
  readonly #change = new Change();

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /**
   * Runs to the end, or until a stop: `now` drops what is not written, `soon` writes what has been answered.
   * @throws the reasons of the stops, GaveUp, JobFilesLost, what reading throws, InternalError
   */
  async run(stops: Stops): Promise<void> {
    const over = new AbortController();
    const now = AbortSignal.any([stops.now, over.signal]);
    const soon = AbortSignal.any([stops.soon, now]);
    const tell = (): void => {
      this.#change.tell();
    };
    soon.addEventListener('abort', tell);
    const reading = this.#read({ now, soon }).finally(() => {
      this.#isReading = false;
      tell();
    });
    // Its error is thrown below, when everything before it is written.
    reading.catch(() => undefined);
    try {
      await this.#write(now);
      await reading;
      if (!this.#hasReadAll) soon.throwIfAborted();
      await this.#parts.output.add([], true, now);
    } finally {
      over.abort(OVER);
      while (this.#isReading || this.#underWay > 0) await this.#change.next();
      await this.#parts.output.close();
      soon.removeEventListener('abort', tell);
    }
  }

  async #read(stops: Stops): Promise<void> {
    const { rows, count, matcher, lookup, politeness, budget, ...parts } = this.#parts;
    let { done } = parts;
    const size = (): number => Math.max(1, Math.min(parts.rowsPerBatch, politeness.rowsPerBatch));
    const isFirst = (ownRef: string, row: number): boolean | Promise<boolean> =>
      this.#isFirst(ownRef, row, stops.soon);
    const onDone = (row: InputRow): void => {
      lookup.wasDone(row);
    };
    for await (const batch of inBatches(rows, { matcher, isFirst, size, done, onDone })) {
      while (!this.#hasRoom() && !stops.soon.aborted) await this.#change.next();
      if (stops.soon.aborted) return;
      const toLookUp = batch.filter(({ judged }) => judged === undefined).map(({ row }) => row);
      // Also rows that nobody is asked about are written and audited.
      await politeness.standAside(stops.soon);
      await budget.take(toLookUp.length, stops.soon);
      this.#start(batch, toLookUp, stops);
      done += batch.length;
    }
    // A result with fewer rows than the file would be worse than none.
    if (done !== count) throw new InternalError('a file has other rows than when it was surveyed');
    this.#hasReadAll = true;
  }

  #hasRoom(): boolean {
    const { maxConcurrentBatches } = this.#parts;
    return this.#underWay < maxConcurrentBatches && this.#queue.length < maxConcurrentBatches * BATCHES_AHEAD;
  }

  #isFirst(ownRef: string, row: number, signal: AbortSignal): boolean | Promise<boolean> {
    const { claim, patience } = this.#parts;
    try {
      return claim.isFirst(ownRef, row);
    } catch (error) {
      if (troubleOf(error) === undefined) throw error;
      return keepTrying({ attempt: () => claim.isFirst(ownRef, row), troubleOf, patience, signal });
    }
  }

  #start(batch: readonly JudgedRow[], toLookUp: readonly InputRow[], stops: Stops): void {
    const pending: Pending = { settled: undefined };
    this.#queue.push(pending);
    this.#underWay += 1;
    const settle = (settled: Settled): void => {
      pending.settled = settled;
      this.#underWay -= 1;
      this.#change.tell();
    };
    this.#finished(batch, toLookUp, stops).then(
      (finished) => {
        settle({ batch: finished });
      },
      (error: unknown) => {
        settle({ error });
      },
    );
  }

  async #finished(
    batch: readonly JudgedRow[],
    toLookUp: readonly InputRow[],
    stops: Stops,
  ): Promise<FinishedBatch> {
    const { lookup, random } = this.#parts;
    const found =
      toLookUp.length === 0
        ? { outcomes: [], correlationId: newCorrelationId(random) }
        : await lookup.of(toLookUp, stops);
    const outcomes = found.outcomes.values();
    const rows = batch.map(({ row, judged }) => {
      const outcome = judged ?? outcomes.next().value;
      if (outcome === undefined) throw new InternalError('a row has no outcome');
      return { row, outcome };
    });
    return { rows, correlationId: found.correlationId };
  }

  async #write(now: AbortSignal): Promise<void> {
    for (;;) {
      const ready = this.#ready();
      if (ready.length > 0) {
        await this.#parts.output.add(ready, false, now);
        this.#parts.onStored();
        this.#queue.splice(0, ready.length);
        this.#change.tell();
        continue;
      }
      const settled = this.#queue[0]?.settled;
      if (settled !== undefined && 'error' in settled) throw settled.error;
      if (this.#queue.length === 0 && !this.#isReading) return;
      await this.#change.next();
    }
  }

  /** What can be written next, in order. */
  #ready(): readonly FinishedBatch[] {
    const ready: FinishedBatch[] = [];
    let rows = 0;
    for (const { settled } of this.#queue) {
      if (settled === undefined || !('batch' in settled)) break;
      rows += settled.batch.rows.length;
      if (ready.length > 0 && rows > ROWS_STORED_TOGETHER) break;
      ready.push(settled.batch);
    }
    return ready;
  }
}

const OVER = 'the run is over';

/** Tells those who wait that something has changed. */
class Change {
  #waiting: (() => void)[] = [];

  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
