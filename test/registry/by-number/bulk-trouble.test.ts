import { setImmediate as turnOfEvents } from 'node:timers/promises';
import { expect } from 'chai';
import { AdapterError, CallerLeft } from '../../../src/errors/errors.js';
import type { Caller } from '../../../src/registry/person-registry.js';
import { abortError } from '../../../src/registry/persontjenesten/abort-error.js';
import { apiVersions } from '../../../src/registry/persontjenesten/api-version.js';
import { CoalescedDocuments } from '../../../src/registry/persontjenesten/by-number/coalesced-documents.js';
import type { DocumentCalls } from '../../../src/registry/persontjenesten/by-number/person-documents.js';
import { UpstreamDocuments } from '../../../src/registry/persontjenesten/by-number/upstream-documents.js';
import { createCallPolicy } from '../../../src/registry/persontjenesten/calls/call-policy.js';
import { layered } from '../../../src/registry/persontjenesten/calls/layer.js';
import { PersontjenestenClient } from '../../../src/registry/persontjenesten/client.js';
import type { ApiRequest, ApiResponse } from '../../../src/registry/persontjenesten/transport.js';
import { callSettings } from '../../support/call-settings.js';
import { CountedRandom } from '../../support/counted-random.js';
import { inUse, person } from '../../support/person-documents.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { StandingClock } from '../../support/standing-clock.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { Turns } from '../../support/turns.js';
import { settle } from '../calls/calls-bench.js';
import { caller } from '../registry-bench.js';
import { Asked, correlationIdOf } from './coalescing-bench.js';

const calls: DocumentCalls = [{ informationParts: ['Name'], includeHistory: true }];
const breaker = { failurePercent: 50, minimumCalls: 20, windowSeconds: 30, openSeconds: 10 };
const LONE = 2;

/** What the other side does with numbers: answers them all, or fails with a status, or says nothing. */
type Manners = (
  nins: readonly string[],
  call: number,
) => number | { status: number; wish: string } | 'silence';

/** For as many as there are in any of these. */
async function toldAFewInATurn(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await turnOfEvents();
}

/** Coalescing over the layers of calls, as main puts them together, and an upstream with manners. */
class Bench {
  readonly clock = new StandingClock('2025-03-01T12:00:00Z');
  readonly events = new RecordedEvents();
  readonly turns = new Turns();
  readonly made: (readonly string[])[] = [];
  readonly #documents: CoalescedDocuments;

  constructor(manners: Manners, settings: Parameters<typeof callSettings>[0] = {}) {
    const { clock, events } = this;
    const random = new CountedRandom();
    const policy = createCallPolicy({
      settings: callSettings({ breaker, ...settings }),
      clock,
      random,
      events,
    }).lookups;
    const way = layered(policy.calls, policy.attempts);
    const side = (request: ApiRequest): Promise<ApiResponse> => {
      const nins = request.form.map(([, value]) => value);
      this.made.push(nins);
      const answer = manners(nins, this.made.length);
      if (answer === 'silence') return silence(request.signal);
      const status = typeof answer === 'number' ? answer : answer.status;
      const wish = typeof answer === 'number' ? {} : { 'retry-after': answer.wish };
      const found = nins.map((nin) =>
        person({ id: `of ${nin}`, norwegianIdentificationNumber: [inUse(nin)] }),
      );
      const body = JSON.stringify(request.path.endsWith('bulk-by-nin') ? found : found[0]);
      return Promise.resolve({ status, headers: { 'content-type': 'application/json', ...wish }, body });
    };
    this.#documents = new CoalescedDocuments({
      upstream: new UpstreamDocuments(
        new PersontjenestenClient({ send: (request) => way.send(request, side) }, apiVersions[3]),
      ),
      maxWaitMilliseconds: 50,
      random,
      events,
      clock,
      turn: this.turns.turn,
    });
  }

  /** Asks for so many at once, and lets the call go. */
  async ask(count: number, parts: Partial<Caller> = {}): Promise<readonly Asked[]> {
    const asked = Array.from({ length: count }, (_, index) => {
      const asking = caller({ correlationId: correlationIdOf(index), ...parts });
      return new Asked(this.#documents.one(syntheticNumber(index), calls, asking));
    });
    await settle();
    await this.turns.pass(LONE);
    await settle();
    await toldAFewInATurn();
    return asked;
  }

  /** Lets so much time pass, a little at a time. */
  async pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 250) {
      await this.clock.advance(250);
      await settle();
    }
    await toldAFewInATurn();
  }

  get breaker(): readonly unknown[] {
    return this.events.of.breakerChanged.map(({ state }) => state);
  }
}

function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(abortError(signal, 'aborted'));
    });
  });
}

function endings(asked: readonly Asked[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { ending } of asked) {
    const name = ending === undefined ? 'waits' : 'document' in ending ? 'found' : codeOf(ending.error);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function codeOf(error: unknown): string {
  return error instanceof AdapterError ? error.code : 'foreign error';
}

const poison = syntheticNumber(0);

describe('a bulk call that fails', () => {
  describe('because of one person', () => {
    it('fails that one alone, in few calls, and the register counts as well', async () => {
      const bench = new Bench((nins) => (nins.includes(poison) ? 500 : 200));
      for (let round = 0; round < 3; round += 1) {
        bench.made.length = 0;
        const asked = await bench.ask(100);
        await bench.pass(5_000);
        expect(endings(asked)).to.deep.equal({ found: 99, 'upstream-unavailable': 1 });
        expect(asked[0]?.ending).to.have.property('error');
        expect(bench.made).to.have.length(15);
      }
      expect(bench.breaker).to.deep.equal([]);
    });

    it('lets others be answered while it still goes on', async () => {
      const bench = new Bench((nins) => (nins.includes(poison) ? 'silence' : 200));
      const asked = await bench.ask(100);
      await bench.pass(10_500);
      expect(endings(asked)).to.deep.equal({ found: 75, waits: 25 });
    });

    it('asks for each only once at a time, and for nobody who left meanwhile', async () => {
      const left = new AbortController();
      const bench = new Bench((nins) => (nins.length > 1 ? 500 : 200));
      const staying = bench.ask(2);
      const leaving = bench.ask(4, { signal: left.signal, lane: 'batch' });
      const [stay] = await Promise.all([staying, leaving]);
      left.abort(new CallerLeft('gone'));
      await bench.pass(1_000);
      expect(endings(stay)).to.deep.equal({ found: 2 });
      expect(bench.made.map(({ length }) => length).toSorted()).to.deep.equal([1, 1, 2, 4]);
    });
  });

  describe('because it asks for many', () => {
    const slow: Manners = (nins) => (nins.length > 30 ? 'silence' : 200);

    it('is asked in parts, and everybody is answered', async () => {
      const bench = new Bench(slow);
      const asked = await bench.ask(100);
      await bench.pass(11_000);
      expect(endings(asked)).to.deep.equal({ found: 100 });
      expect(bench.made.map(({ length }) => length)).to.deep.equal([100, 25, 25, 25, 25]);
      expect(bench.breaker).to.deep.equal([]);
    });

    it('makes the next ones smaller, and larger again one by one', async () => {
      const bench = new Bench(slow);
      await bench.ask(100);
      await bench.pass(11_000);
      bench.made.length = 0;
      expect(endings(await bench.ask(81))).to.deep.equal({ found: 81 });
      expect(endings(await bench.ask(81))).to.deep.equal({ found: 81 });
      expect(bench.made.map(({ length }) => length)).to.deep.equal([25, 25, 25, 6, 26, 26, 26, 3]);
    });
  });

  describe('because nothing is answered', () => {
    const kinds: Readonly<Record<string, { manners: Manners; milliseconds: number; code: string }>> = {
      'but failures': { manners: () => 500, milliseconds: 5_000, code: 'upstream-unavailable' },
      'at all': { manners: () => 'silence', milliseconds: 60_000, code: 'upstream-timeout' },
    };
    for (const [kind, { manners, milliseconds, code }] of Object.entries(kinds)) {
      it(`${kind}, fails everybody after one round of parts`, async () => {
        const bench = new Bench(manners);
        const asked = await bench.ask(100);
        await bench.pass(milliseconds);
        expect(endings(asked)).to.deep.equal({ [code]: 100 });
        expect(bench.made.map(({ length }) => length)).to.deep.equal([100, 25, 25, 25, 25]);
      });

      for (const people of [2, 3, 4, 5, 17]) {
        it(`${kind}, makes no more calls for ${people} than they would make alone`, async () => {
          const bench = new Bench(manners);
          const asked = await bench.ask(people);
          await bench.pass(milliseconds);
          expect(endings(asked)).to.deep.equal({ [code]: people });
          expect(bench.made.length).to.be.at.most(people > 4 ? 5 : 1 + 2 * people);
        });
      }

      it(`${kind}, does not make later calls smaller`, async () => {
        let isDown = true;
        const bench = new Bench((nins, call) => (isDown ? manners(nins, call) : 200));
        await bench.ask(100);
        await bench.pass(milliseconds);
        isDown = false;
        bench.made.length = 0;
        await bench.ask(100);
        expect(bench.made.map(({ length }) => length)).to.deep.equal([100]);
      });
    }

    it('with a word about when it will be, waits for it and is made as it was', async () => {
      const bench = new Bench((_, call) => (call === 1 ? { status: 503, wish: '1' } : 200));
      const asked = await bench.ask(100);
      await bench.pass(2_000);
      expect(endings(asked)).to.deep.equal({ found: 100 });
      expect(bench.made.map(({ length }) => length)).to.deep.equal([100, 100]);
    });

    it('for a moment, is asked in parts after a pause, and everybody is answered', async () => {
      const bench = new Bench((_, call) => (call === 1 ? 503 : 200));
      const asked = await bench.ask(100);
      expect(bench.made).to.have.length(1);
      await bench.pass(250);
      expect(endings(asked)).to.deep.equal({ found: 100 });
      expect(bench.made.map(({ length }) => length)).to.deep.equal([100, 25, 25, 25, 25]);
    });
  });

  describe('because everybody left', () => {
    for (const people of [1, 3]) {
      it(`says nothing about the register, of whom ${people} asked`, async () => {
        const bench = new Bench(() => 'silence', { retries: 0 });
        const leaving = Array.from({ length: 25 }, () => new AbortController());
        for (const [index, { signal }] of leaving.entries()) {
          await bench.ask(people, { signal, clientId: `epj-${index}` });
        }
        expect(bench.made).to.have.length(25);
        await bench.pass(6_000);
        for (const one of leaving) one.abort(new CallerLeft('gone'));
        await settle();
        expect(bench.breaker).to.deep.equal([]);
      });
    }
  });
});
