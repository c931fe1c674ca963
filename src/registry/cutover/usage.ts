import type { Protocol } from '../../access/legacy-client.js';
import { asAdapterError } from '../../errors/errors.js';
import type { EventSink } from '../../operations/events.js';
import type { Clock } from '../../runtime/clock.js';
import type { Caller } from '../person-registry.js';
import type { UsageCount, UsageLog } from './compared-answers.js';
import type { Telling } from './question.js';
import { StoreBusy } from './store-busy.js';
import { addToldFields } from './told-fields.js';

/** What is counted is written down so often. */
const WRITE_MILLISECONDS = 10_000;

/** At the end, a store that somebody else writes to is tried again after so long, */
const BUSY_MILLISECONDS = 250;

/** and so often. */
const BUSY_TRIES = 8;

/** What a count is made of. */
export interface UsageParts {
  readonly usage: UsageLog;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** Counts who asks what and is told which fields. There are few clients and operations, so that nothing is ever lost. */
export class Usage {
  #counts = new Map<string, Count>();
  #isInTrouble = false;
  /** How often in a row somebody else wrote to the store. */
  #busy = 0;
  #isOver = false;

  constructor(private readonly parts: UsageParts) {}

  /** Counts a question about so many people, and what was told of them. What the adapter asks of its own accord is nobody's use. */
  note({ clientId, protocol, operation }: Caller, people: number, tellings: readonly Telling[] = []): void {
    if (protocol === undefined || operation === undefined || this.#isOver) return;
    const key = JSON.stringify([clientId, protocol, operation]);
    const now = this.parts.clock.now();
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = new Count(clientId, protocol, operation, now);
      this.#counts.set(key, count);
    }
    count.add(people, tellings, now);
  }

  /** Writes down what is counted from time to time, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.parts.clock.sleep(WRITE_MILLISECONDS, signal).catch(() => undefined);
      this.#write();
    }
  }

  /** Writes down what is counted, as far as the store takes it, and counts nothing more. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#write();
    while (this.#busy > 0 && this.#busy < BUSY_TRIES) {
      await this.parts.clock.sleep(BUSY_MILLISECONDS);
      this.#write();
    }
  }

  #write(): void {
    const { usage, events } = this.parts;
    if (this.#counts.size === 0) return;
    try {
      usage.add([...this.#counts.values()]);
    } catch (error) {
      // Whoever has the lock is done within milliseconds, or something is wrong.
      this.#busy = error instanceof StoreBusy ? this.#busy + 1 : 0;
      if (!this.#isInTrouble && this.#busy !== 1) {
        events.emit('cutoverNotStored', { what: 'usage', error: asAdapterError(error) });
        this.#isInTrouble = true;
      }
      return;
    }
    this.#busy = 0;
    this.#counts = new Map();
    if (this.#isInTrouble) events.emit('cutoverStored', { what: 'usage', lost: 0 });
    this.#isInTrouble = false;
  }
}

class Count implements UsageCount {
  questions = 0;
  readonly fields = new Map<string, number>();
  lastSeen: Date;

  constructor(
    readonly clientId: string,
    readonly protocol: Protocol,
    readonly operation: string,
    readonly firstSeen: Date,
  ) {
    this.lastSeen = firstSeen;
  }

  add(people: number, tellings: readonly Telling[], now: Date): void {
    this.questions += people;
    this.lastSeen = now;
    for (const telling of tellings) {
      for (const row of rowsIn(telling)) this.fields.set(row, (this.fields.get(row) ?? 0) + 1);
    }
  }
}

/** The rows by which something is told of anybody in an answer. */
function rowsIn({ answered: { question, answer } }: Telling): ReadonlySet<string> {
  const told = new Set<string>();
  const people =
    question === 'search'
      ? answer.hits
      : answer.outcome === 'not-found'
        ? []
        : 'person' in answer
          ? [answer]
          : answer.children;
  for (const { person } of people) addToldFields(person, told);
  if (question === 'children' && people.length > 0) told.add('childrensNINs');
  return told;
}
