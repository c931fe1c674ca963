import { asAdapterError, StoreFailed } from '../../errors/errors.js';
import type { EventSink } from '../../operations/events.js';
import { StoreBusy } from './store-busy.js';
import type { CutoverEvents } from '../../operations/cutover-events.js';
import { alarm, type Clock, type StopAlarm } from '../../runtime/clock.js';

/** So many are written at a time, so that nobody has to wait for long. */
const BATCH = 200;

/** For so long a store that failed is left alone: one that is locked takes its time to fail, and everybody waits for it. */
const PAUSE_MILLISECONDS = 10_000;

/** One that somebody else writes to is tried again after so long, */
const BUSY_MILLISECONDS = 250;

/** and so often before that is trouble. */
const BUSY_TRIES = 20;

/** After so many failures it is tried with few: something may be among them that the store will never take. */
const FAILURES_BEFORE_FEW = 3;

/** After each success so many times more. */
const GROWTH = 4;

/** What a writer is made of. */
export interface BatchedWriterParts<Item> {
  readonly what: CutoverEvents['cutoverNotStored']['what'];
  /** All or none. @throws StoreFailed, StoreBusy */
  readonly write: (items: readonly Item[]) => void;
  /** Whether there is something to write besides items. */
  readonly hasMore?: () => boolean;
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
  #failures = 0;
  /** So many are written at a time; less than a batch while it is looked for what the store does not take. */
  #size = BATCH;
  #busy = 0;
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
    if (this.#waiting.length >= BATCH && !this.#mustWait) this.#writeSoon();
    else this.#writeLater();
  }

  /** There is something to write besides items. */
  wake(): void {
    if (!this.#isOver) this.#writeLater();
  }

  /** Writes all that waits, as far as the store takes it, and nothing after that. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#stopAlarm?.();
    this.#stopAlarm = undefined;
    while (!this.#isDone) {
      if (this.#writeSome()) continue;
      if (this.#busy === 0 || this.#busy >= BUSY_TRIES) return;
      await this.parts.clock.sleep(BUSY_MILLISECONDS);
    }
  }

  get #isDone(): boolean {
    return this.#waiting.length === 0 && this.parts.hasMore?.() !== true;
  }

  get #mustWait(): boolean {
    return this.#isInTrouble || this.#busy > 0;
  }

  #writeLater(): void {
    if (this.#isDone) return;
    const { clock, milliseconds } = this.parts;
    const pause = this.#isInTrouble ? PAUSE_MILLISECONDS : this.#busy > 0 ? BUSY_MILLISECONDS : milliseconds;
    this.#stopAlarm ??= alarm(clock, pause, () => {
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
    if (this.#isOver || this.#isDone) return;
    if (!this.#writeSome()) this.#writeLater();
    else if (this.#waiting.length >= this.#size || this.#isInTrouble) this.#writeSoon();
    else this.#writeLater();
  }

  /** @returns whether there is more to be done at once */
  #writeSome(): boolean {
    const isSearching = this.#size < BATCH;
    const batch = this.#waiting.slice(0, this.#size);
    const error = this.#trouble(batch);
    if (error === undefined) {
      this.#waiting = this.#waiting.slice(batch.length);
      this.#size = Math.min(BATCH, this.#size * GROWTH);
      this.#succeeded();
      return true;
    }
    if (error instanceof StoreBusy) {
      this.#busy += 1;
      if (this.#busy >= BUSY_TRIES) this.#failed(error);
      return false;
    }
    this.#busy = 0;
    this.#failures += 1;
    if (!(error instanceof StoreFailed)) this.#lose(batch.length);
    this.#failed(error);
    if (isSearching && batch.length === 1) return this.#isNextTaken();
    if (isSearching || this.#failures >= FAILURES_BEFORE_FEW) this.#size = 1;
    return isSearching && batch.length > 1;
  }

  /** Whether the store takes the second where it did not take the first, which it will never take then. */
  #isNextTaken(): boolean {
    const [first, second, ...others] = this.#waiting;
    if (first === undefined || second === undefined) return false;
    if (this.#trouble([second]) !== undefined) {
      // Either of the two, or both: the next time it is others.
      this.#waiting = [second, ...others, first];
      return false;
    }
    this.#waiting = others;
    this.#lost += 1;
    this.#size = BATCH;
    this.#succeeded();
    return true;
  }

  #trouble(items: readonly Item[]): Error | undefined {
    try {
      this.parts.write(items);
      return undefined;
    } catch (error) {
      return error instanceof StoreFailed ? error : asAdapterError(error);
    }
  }

  #lose(items: number): void {
    this.#waiting = this.#waiting.slice(items);
    this.#lost += items;
  }

  #failed(error: Error): void {
    const { what, events } = this.parts;
    if (!this.#isInTrouble) events.emit('cutoverNotStored', { what, error: asAdapterError(error) });
    this.#isInTrouble = true;
  }

  #succeeded(): void {
    const { what, events } = this.parts;
    this.#busy = 0;
    this.#failures = 0;
    if (this.#size < BATCH && this.#waiting.length > 0) return;
    if (this.#isInTrouble) events.emit('cutoverStored', { what, lost: this.#lost });
    this.#isInTrouble = false;
    this.#lost = 0;
  }
}
