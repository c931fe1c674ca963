import { setImmediate } from 'node:timers/promises';
import type { JsonObject } from '../../../src/mapping/json.js';
import type { NationalId } from '../../../src/person/national-id.js';
import type { Caller } from '../../../src/registry/person-registry.js';
import { CoalescedDocuments } from '../../../src/registry/persontjenesten/by-number/coalesced-documents.js';
import type { DocumentCalls } from '../../../src/registry/persontjenesten/by-number/person-documents.js';
import { isCorrelationId, type CorrelationId } from '../../../src/runtime/correlation.js';
import { CountedRandom } from '../../support/counted-random.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { StandingClock } from '../../support/standing-clock.js';
import { Turns } from '../../support/turns.js';
import { caller } from '../registry-bench.js';

/** One call upstream, which goes on until the test ends it. */
export interface UpstreamCall {
  readonly nins: readonly NationalId[];
  readonly calls: DocumentCalls;
  readonly caller: Caller;
  readonly inBulk: boolean;
  /** Ends it with a document for each number but for those left out. */
  answer(without?: readonly NationalId[]): void;
  fail(error: Error): void;
}

export const calls: DocumentCalls = [{ informationParts: ['Name'], includeHistory: false }];

/** The document that everybody with that number gets. */
export function documentOf(nin: NationalId): JsonObject {
  return { id: `of ${nin}` };
}

/** Coalescing with turns, clock and upstream in the hands of the test. */
export class CoalescingBench {
  readonly turns = new Turns();
  readonly clock = new StandingClock('2025-03-01T12:00:00Z');
  readonly events = new RecordedEvents();
  readonly made: UpstreamCall[] = [];
  readonly documents: CoalescedDocuments;

  constructor(options: { takesInBulk?: (nin: NationalId) => boolean; maxWaitMilliseconds?: number } = {}) {
    this.documents = new CoalescedDocuments({
      upstream: {
        takesInBulk: options.takesInBulk ?? (() => true),
        one: async (nin, asked, asking) => {
          const found = await this.#call([nin], asked, asking, false);
          return found.get(nin);
        },
        inBulk: (nins, asked, asking) => this.#call(nins, asked, asking, true),
      },
      maxWaitMilliseconds: options.maxWaitMilliseconds ?? 50,
      random: new CountedRandom(),
      events: this.events,
      clock: this.clock,
      turn: this.turns.turn,
    });
  }

  /** Asks, and lets the question arrive. */
  async asks(nin: NationalId, asking: Caller = caller(), parts = calls): Promise<Asked> {
    const asked = new Asked(this.documents.one(nin, parts, asking));
    await setImmediate();
    return asked;
  }

  /** The call of that index. @throws RangeError when there was none */
  call(index: number): UpstreamCall {
    const call = this.made[index];
    if (call === undefined) throw new RangeError(`only ${this.made.length} calls were made`);
    return call;
  }

  #call(
    nins: readonly NationalId[],
    asked: DocumentCalls,
    asking: Caller,
    inBulk: boolean,
  ): Promise<ReadonlyMap<NationalId, JsonObject>> {
    return new Promise((resolve, reject) => {
      this.made.push({
        nins,
        calls: asked,
        caller: asking,
        inBulk,
        answer: (without = []) => {
          const found = nins.filter((nin) => !without.includes(nin));
          resolve(new Map(found.map((nin) => [nin, documentOf(nin)])));
        },
        fail: reject,
      });
    });
  }
}

/** What became of a question. */
export class Asked {
  /** Undefined until it has ended. */
  ending: { readonly document: JsonObject | undefined } | { readonly error: unknown } | undefined;

  constructor(answer: Promise<JsonObject | undefined>) {
    answer.then(
      (document) => (this.ending = { document }),
      (error: unknown) => (this.ending = { error }),
    );
  }
}

/** A caller with a correlation id of its own, who can leave. */
export function leavingCaller(index: number, parts: Partial<Caller> = {}): Caller & { leave(): void } {
  const controller = new AbortController();
  return {
    ...caller({ correlationId: correlationIdOf(index), signal: controller.signal, ...parts }),
    leave: () => {
      controller.abort();
    },
  };
}

export function correlationIdOf(index: number): CorrelationId {
  const id = `aaaaaaaa-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
  if (!isCorrelationId(id)) throw new TypeError('not a correlation id');
  return id;
}
