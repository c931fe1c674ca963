import { expect } from 'chai';
import fc from 'fast-check';
import { UpstreamTimeout, UpstreamUnavailable } from '../../src/errors/errors.js';
import { textIn, type JsonObject } from '../../src/mapping/json.js';
import { CacheBench, idOf, MINUTE, numberOf, SECOND, VOUCHED } from '../registry/by-number/cache-bench.js';
import { runs } from '../support/long-runs.js';
import { element, everyFixture, number, residence } from '../support/person-documents.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';

const PEOPLE = 3;
/** How long a server of the register may not have heard of a change that an event has told of. */
const LAG = 30 * SECOND;

/** What happens next. */
type Happening =
  | { readonly what: 'ask'; readonly who: number; readonly view: 'full' | 'restricted' }
  /** Asked now, answered after so many further happenings. */
  | { readonly what: 'ask-slowly'; readonly who: number; readonly during: number }
  | { readonly what: 'change'; readonly who: number; readonly lag: number; readonly byNumber: boolean }
  | { readonly what: 'follow' | 'turn' | 'down' | 'up' | 'anew' | 'unreadable' | 'readable' }
  | { readonly what: 'pass'; readonly milliseconds: number };

const who = fc.nat({ max: PEOPLE - 1 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      what: fc.constant('ask' as const),
      who,
      view: fc.constantFrom('full', 'restricted'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('ask-slowly' as const),
      who,
      during: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('change' as const),
      who,
      lag: fc.nat({ max: LAG - 1 }),
      byNumber: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ what: 'follow' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('pass' as const),
      milliseconds: fc.constantFrom(SECOND, 20 * SECOND, MINUTE, 3 * MINUTE, 6 * MINUTE),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('turn', 'down', 'up', 'unreadable', 'readable').map((what) => ({ what })),
  },
  { weight: 2, arbitrary: fc.constant({ what: 'down' as const }) },
  { weight: 1, arbitrary: fc.constant({ what: 'anew' as const }) },
);

/** A cache, a register in which people change, and a feed that tells of it. */
class World {
  readonly bench = new CacheBench({ staleMaxAgeMilliseconds: 30 * MINUTE });
  /** Of each person the newest version, and the one that the log tells of. */
  readonly newest = Array.from({ length: PEOPLE }, () => 1);
  readonly read = Array.from({ length: PEOPLE }, () => 0);
  #unread: { readonly who: number; readonly byNumber: boolean }[] = [];
  #arriving: { readonly at: number; readonly who: number; readonly version: number }[] = [];
  #caughtUpAt: number;
  #slow: { readonly due: number; readonly open: () => void; readonly answered: Promise<unknown> }[] = [];
  #happened = 0;

  constructor() {
    this.#caughtUpAt = this.bench.clock.now().getTime();
    for (let index = 0; index < PEOPLE; index += 1) this.#show(index, 1);
  }

  async go(next: Happening): Promise<void> {
    const { bench } = this;
    this.#happened += 1;
    this.#arrive();
    switch (next.what) {
      case 'ask':
        await this.#ask(next.who, next.view);
        break;
      case 'ask-slowly': {
        let open: () => void = () => undefined;
        const { held } = bench.source;
        bench.source.held = new Promise((resolve) => {
          open = resolve;
        });
        this.#slow.push({
          due: this.#happened + next.during,
          open,
          answered: this.#ask(next.who, 'full', true).catch((error: unknown) => error),
        });
        bench.source.held = held;
        break;
      }
      case 'change':
        this.newest[next.who] = (this.newest[next.who] ?? 0) + 1;
        this.#unread.push(next);
        this.#arriving.push({
          at: bench.clock.now().getTime() + next.lag,
          who: next.who,
          version: this.newest[next.who] ?? 0,
        });
        bench.writer.unread(BigInt(this.#unread.length));
        break;
      case 'follow':
        bench.writer.tell(
          this.#unread.map(({ who: person, byNumber }) =>
            byNumber ? { personId: `another-${person}`, nin: numberOf(person) } : { personId: idOf(person) },
          ),
        );
        this.#unread = [];
        this.newest.forEach((version, index) => (this.read[index] = version));
        this.#caughtUpAt = bench.clock.now().getTime();
        break;
      case 'turn':
        bench.cache.refresh();
        break;
      case 'down':
        bench.source.trouble = new UpstreamUnavailable('down');
        break;
      case 'up':
        bench.source.trouble = undefined;
        break;
      case 'unreadable':
        bench.logTrouble = new UpstreamUnavailable('the log');
        break;
      case 'readable':
        bench.logTrouble = undefined;
        break;
      case 'anew':
        bench.writer.begin();
        this.#unread = [];
        this.newest.forEach((version, index) => (this.read[index] = version));
        this.#caughtUpAt = bench.clock.now().getTime();
        break;
      case 'pass':
        await bench.clock.advance(next.milliseconds);
        break;
    }
    await this.#release((due) => due <= this.#happened);
  }

  async end(): Promise<void> {
    await this.#release(() => true);
    this.bench.store.close();
  }

  async #release(isDue: (due: number) => boolean): Promise<void> {
    const due = this.#slow.filter((one) => isDue(one.due));
    this.#slow = this.#slow.filter((one) => !isDue(one.due));
    for (const { open, answered } of due) {
      open();
      const failure = await answered;
      if (failure instanceof Error) throw failure;
    }
  }

  #arrive(): void {
    const now = this.bench.clock.now().getTime();
    for (const { who: person, version } of this.#arriving.filter(({ at }) => at <= now))
      this.#show(person, version);
    this.#arriving = this.#arriving.filter(({ at }) => at > now);
  }

  #show(person: number, version: number): void {
    const shown = this.bench.source.people.get(numberOf(person));
    if (Number(shown?.['sequenceNumber'] ?? 0) < version) this.bench.add(person, { sequenceNumber: version });
  }

  async #ask(person: number, view: 'full' | 'restricted', slowly = false): Promise<void> {
    const { bench } = this;
    let source: string | undefined;
    const onKept = (kept: string): void => {
      source = kept;
    };
    let document: JsonObject | undefined;
    try {
      document = await bench.ask(numberOf(person), { asking: { access: view, onKept } });
    } catch (error) {
      if (!(error instanceof UpstreamUnavailable) && !(error instanceof UpstreamTimeout)) throw error;
      return;
    }
    // What comes from the register is the register's business.
    if (source === undefined) return;
    const version = Number(document?.['sequenceNumber']);
    expect(version, `${source}: an event has told of a newer version`).to.be.at.least(this.read[person] ?? 0);
    expect(bench.logTrouble, 'nothing is known').to.equal(undefined);
    if (source === 'stale-cache') {
      expect(document).to.not.have.property('residentialAddress');
      expect(slowly || bench.source.trouble !== undefined, 'the register can be asked').to.equal(true);
      return;
    }
    expect(this.#unread, 'the feed is known to have more').to.deep.equal([]);
    expect(bench.clock.now().getTime() - this.#caughtUpAt, 'the feed vouches for nothing').to.be.at.most(
      VOUCHED,
    );
  }
}

describe('S10: a cache never outlives protection', function () {
  this.timeout(120_000);

  it('whatever happens in whatever order, an event that was read is heeded by every answer', async () => {
    let fromMemory = 0;
    let stale = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 10, maxLength: 80 }), async (happenings) => {
        const world = new World();
        for (const next of happenings) await world.go(next);
        await world.end();
        const sources = world.bench.events.of.answeredFromCache.map(({ source }) => source);
        fromMemory += sources.filter((source) => source === 'cache').length;
        stale += sources.filter((source) => source === 'stale-cache').length;
      }),
      { numRuns: runs(100) },
    );
    // Or else nothing was tried.
    expect(fromMemory).to.be.greaterThan(10);
    expect(stale).to.be.greaterThan(5);
  });

  it('shows no address of anybody of the fixtures who is protected from now on', async () => {
    const bench = new CacheBench();
    for (const { name, document } of everyFixture) {
      const [own] = numbersIn(document);
      if (own === undefined) continue;
      const open = { ...document, residentialAddress: [residence()] };
      const hidden = {
        ...document,
        addressProtection: [element({ protectionLevel: 'StrictlyConfidential' })],
      };
      bench.source.people.set(own.nin, open);
      await bench.ask(own.nin);
      expect(await bench.ask(own.nin), name).to.equal(open);
      bench.source.people.set(own.nin, hidden);
      bench.writer.tell([{ personId: textIn(document, 'id') ?? '', nin: number(own.nin) }]);
      expect(await bench.ask(own.nin), name).to.equal(hidden);
    }
  });
});
