import { expect } from 'chai';
import { ProfiledChangeFeed } from '../../../src/access/profiled-change-feed.js';
import { InvalidQuery, UpstreamUnavailable } from '../../../src/errors/errors.js';
import { textIn, type JsonObject } from '../../../src/mapping/json.js';
import type { ChangeInterval } from '../../../src/registry/change-feed.js';
import { FollowedChanges } from '../../../src/registry/persontjenesten/events/followed-changes.js';
import type { ApiRequest, ApiResponse, Transport } from '../../../src/registry/persontjenesten/transport.js';
import { discontinued, element, inUse, mappings } from '../../support/person-documents.js';
import { rejectionOf } from '../../support/rejection.js';
import { json, problem } from '../../support/scripted-feed.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { caller } from '../registry-bench.js';
import { FollowerBench, POLL, START } from './follower-bench.js';
import { documentsOver } from '../../support/documents-over.js';

const MINUTE = 60_000;
const at = (milliseconds: number): Date => new Date(Date.parse(START) + milliseconds);

/** Documents by id, and whose number finds which of them. */
class Documents implements Transport {
  readonly byId = new Map<string, JsonObject>();
  readonly byNumber = new Map<string, string>();
  readonly asked: string[] = [];
  readonly lanes = new Set<string>();

  put(id: string, numbers: readonly JsonObject[]): void {
    const name = [element({ familyName: `Navn ${id}`, givenName: 'Oppdiktet' })];
    this.byId.set(id, { id, sequenceNumber: 1, norwegianIdentificationNumber: numbers, name });
    for (const own of numbers) this.byNumber.set(textIn(own, 'identificationNumber') ?? '', id);
  }

  send({ path, form, lane }: ApiRequest): Promise<ApiResponse> {
    this.lanes.add(lane);
    const operation = path.split('/').slice(4).join('/');
    this.asked.push(operation);
    if (operation === 'person/bulk-by-id') {
      const found = form.flatMap(([, id]) => this.byId.get(id) ?? []);
      return Promise.resolve(json(found.toReversed()));
    }
    const id =
      operation === 'person/get-by-nin'
        ? this.byNumber.get(form[0]?.[1] ?? '')
        : operation.slice('person/'.length);
    const document = this.byId.get(id ?? '');
    return Promise.resolve(document === undefined ? problem(404) : json(document));
  }
}

describe('changes in an interval', () => {
  let bench: FollowerBench;
  let documents: Documents;
  let changes: FollowedChanges;

  beforeEach(async () => {
    bench = new FollowerBench();
    documents = new Documents();
    changes = new FollowedChanges({
      registry: {
        ...documentsOver(documents),
        mappings,
        fill: 'faithful',
        clock: bench.clock,
        events: bench.events,
      },
      log: bench.store.changeLog,
      limits: { maxPersons: 150, maxDays: 7, pollSeconds: 60 },
      events: bench.events,
    });
    bench.feed.add('before');
    bench.follow();
    await bench.settle();
  });

  afterEach(async () => {
    await bench.end();
  });

  /** Events about new people with one number each, seen at the next poll. */
  async function changed(ids: readonly string[], type?: string): Promise<void> {
    for (const id of ids) {
      if (!documents.byId.has(id)) documents.put(id, [inUse(syntheticNumber(documents.byId.size + 10))]);
      bench.feed.add(id, type);
    }
    await bench.pass(POLL);
  }

  async function names(from: Date, to?: Date): Promise<readonly (string | null)[]> {
    return (await changes.changes({ from, to }, caller())).map(({ person }) => person.sn);
  }

  it('tell of people seen in it, each once, in the order of their last event', async () => {
    await changed(['a', 'b', 'c', 'a']);
    await changed(['d']);
    await bench.pass(1);
    expect(await names(at(0))).to.deep.equal(['NAVN B', 'NAVN C', 'NAVN A', 'NAVN D']);
    expect(await names(at(POLL), at(2 * POLL))).to.deep.equal(['NAVN B', 'NAVN C', 'NAVN A']);
    expect(await names(at(POLL + 1))).to.deep.equal(['NAVN D']);
  });

  it('end where the next interval begins: nothing is told twice, and nothing not at all', async () => {
    const told: (string | null)[] = [];
    let from = at(0);
    for (let round = 0; round < 5; round += 1) {
      await changed([`p${round}`]);
      const to = bench.clock.now();
      told.push(...(await names(from, to)));
      from = to;
    }
    await bench.pass(1);
    told.push(...(await names(from)));
    expect(told).to.deep.equal(['NAVN P0', 'NAVN P1', 'NAVN P2', 'NAVN P3', 'NAVN P4']);
  });

  it('are fetched a hundred people at a time, numbers of before included', async () => {
    await changed(Array.from({ length: 150 }, (_, index) => `p${index}`));
    documents.asked.length = 0;
    await bench.pass(1);
    expect(await names(at(0))).to.have.length(150);
    expect(documents.asked).to.deep.equal(Array.from({ length: 4 }, () => 'person/bulk-by-id'));
  });

  for (const [people, lane] of [
    [100, 'interactive'],
    [101, 'batch'],
  ] as const) {
    it(`are fetched as ${lane} work when they tell of ${people} people`, async () => {
      await changed(Array.from({ length: people }, (_, index) => `p${index}`));
      documents.lanes.clear();
      await bench.pass(1);
      expect(await names(at(0))).to.have.length(people);
      expect([...documents.lanes]).to.deep.equal([lane]);
    });
  }

  it('tell of who was merged away as the one who goes on, once', async () => {
    const [kept, lost] = [syntheticNumber(1), syntheticNumber(2)];
    documents.put('kept', [inUse(kept), discontinued(lost, { validTo: '2026-03-01T00:00:00Z' })]);
    bench.feed.add('kept', 'PersonIsContinuedAsValidUponMerger', { nin: kept });
    bench.feed.add('lost', 'PersonIsDiscontinuedAsDuplicate', { nin: lost });
    await bench.pass(POLL);
    await bench.pass(1);
    const people = await changes.changes({ from: at(0), to: undefined }, caller());
    expect(people.map(({ person }) => [person.nin, person.oldNIN])).to.deep.equal([[kept, lost]]);
    expect(await changes.identityChanges({ from: at(0), to: undefined }, caller())).to.deep.equal([
      { nin: kept, oldNIN: lost, dateStatus: '2026-03-01' },
    ]);
  });

  it('tell of a merger by the one who goes on alone where events have no numbers, as in version 2', async () => {
    const [kept, lost] = [syntheticNumber(1), syntheticNumber(2)];
    documents.put('kept', [inUse(kept), discontinued(lost, { validTo: '2026-03-01T00:00:00Z' })]);
    bench.feed.add('lost', 'PersonIsDiscontinuedAsDuplicate');
    bench.feed.add('kept', 'PersonIsContinuedAsValidUponMerger');
    await bench.pass(POLL);
    await bench.pass(1);
    const interval = { from: at(0), to: undefined };
    const people = await changes.changes(interval, caller());
    expect(people.map(({ person }) => [person.nin, person.oldNIN])).to.deep.equal([[kept, lost]]);
    expect(await changes.identityChanges(interval, caller())).to.deep.equal([
      { nin: kept, oldNIN: lost, dateStatus: '2026-03-01' },
    ]);
    expect(documents.asked).to.not.include('person/get-by-nin');
    expect(bench.events.of.changedPeopleGone.map(({ count }) => count)).to.deep.equal([1, 1]);
  });

  it('leave out who is gone altogether, and say so', async () => {
    await changed(['a']);
    bench.feed.add('gone', 'ChangeInName', { nin: syntheticNumber(5) });
    bench.feed.add('nameless');
    await bench.pass(POLL);
    await bench.pass(1);
    expect(await names(at(0))).to.deep.equal(['NAVN A']);
    expect(bench.events.of.changedPeopleGone.map(({ count }) => count)).to.deep.equal([2]);
  });

  it('of numbers tell each that gave way, with the day', async () => {
    const [first, second, third] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3)];
    documents.put('a', [
      discontinued(first, { validFrom: '1980-01-01T00:00:00Z' }),
      discontinued(second, { validFrom: '2001-02-03T00:00:00Z' }),
      inUse(third, { validFrom: '2026-02-28T00:00:00Z' }),
    ]);
    bench.feed.add('a', 'ChangeInNorwegianIdentificationNumber', { nin: third });
    await changed(['b'], 'ChangeInName');
    await bench.pass(1);
    const interval = { from: at(0), to: undefined };
    const told = [
      { nin: third, oldNIN: second, dateStatus: '2026-02-28' },
      { nin: third, oldNIN: first, dateStatus: '2001-02-03' },
    ];
    expect(await changes.identityChanges(interval, caller())).to.deep.equal(told);
    const profiled = new ProfiledChangeFeed(changes, mappings.fields);
    const hidden = await profiled.identityChanges(interval, caller({ visible: new Set(['names']) }));
    expect(hidden).to.deep.equal(told.map(({ nin }) => ({ nin, oldNIN: null, dateStatus: null })));
    const shown = await profiled.changes(interval, caller({ visible: new Set(['identity']) }));
    expect(shown.map(({ person }) => person.sn)).to.deep.equal([null, null]);
  });

  it('tell of a split as changes of both people, and of no number that gave way', async () => {
    await changed(['a'], 'PersonIsChangedBySplitting');
    await changed(['b'], 'PersonIsRestoredBySplitting');
    await bench.pass(1);
    expect(await names(at(0))).to.deep.equal(['NAVN A', 'NAVN B']);
    expect(await changes.identityChanges({ from: at(0), to: undefined }, caller())).to.deep.equal([]);
  });

  describe('are refused', () => {
    async function refusal(interval: ChangeInterval): Promise<readonly [string, string]> {
      for (const asked of [
        changes.changes(interval, caller()),
        changes.identityChanges(interval, caller()),
      ]) {
        const error = await rejectionOf(asked);
        if (!(error instanceof InvalidQuery)) throw error;
        if (interval.from.getTime() === interval.from.getTime()) expect(error.message).to.not.match(/\d{11}/);
      }
      const error = await rejectionOf(changes.changes(interval, caller()));
      if (!(error instanceof InvalidQuery)) throw error;
      return [error.parameter, error.problem];
    }

    it('before the log, naming the earliest time', async () => {
      expect(await refusal({ from: at(-1), to: at(0) })).to.deep.equal([
        'from',
        `lies before ${START}, since when changes are known here`,
      ]);
    });

    it('that end before they begin, or are no times', async () => {
      expect((await refusal({ from: at(2), to: at(1) }))[0]).to.equal('to');
      expect((await refusal({ from: new Date(Number.NaN), to: undefined }))[0]).to.equal('from');
      expect((await refusal({ from: at(0), to: new Date(Number.NaN) }))[0]).to.equal('to');
    });

    it('of what is still to come, by more than two clocks may differ', async () => {
      const now = bench.clock.now().getTime();
      const ahead = (minutes: number): Date => new Date(now + minutes * MINUTE);
      const refused = 'lies ahead of now';
      expect(await refusal({ from: at(0), to: ahead(6) })).to.deep.equal(['to', refused]);
      expect(await refusal({ from: ahead(6), to: undefined })).to.deep.equal(['from', refused]);
      expect(await names(at(0), ahead(5))).to.deep.equal([]);
    });

    it('of numbers that gave way, for who may not see them', async () => {
      const asked = changes.identityChanges({ from: at(0), to: undefined }, caller({ access: 'restricted' }));
      const error = await rejectionOf(asked);
      expect(error).to.be.instanceOf(InvalidQuery).with.property('parameter', 'access');
    });

    it('that are too long', async () => {
      await bench.pass(8 * 24 * 60 * MINUTE);
      await bench.pass(POLL);
      expect(await refusal({ from: at(0), to: undefined })).to.deep.equal([
        'interval',
        'is longer than 7 days: ask for a shorter one',
      ]);
      expect(await names(at(0), at(7 * 24 * 60 * MINUTE))).to.deep.equal([]);
    });

    it('that tell of too many people, before anybody is fetched', async () => {
      const ids = Array.from({ length: 151 }, (_, index) => `p${index}`);
      await changed(ids, 'ChangeInNorwegianIdentificationNumber');
      await bench.pass(1);
      documents.asked.length = 0;
      expect(await refusal({ from: at(0), to: undefined })).to.deep.equal([
        'interval',
        'tells of more than 150 people: ask for a shorter one',
      ]);
      expect(documents.asked).to.deep.equal([]);
    });

    it('from before what retention has taken away', async () => {
      await changed(['a']);
      await bench.pass(2 * POLL);
      expect(bench.store.changeLog.purgeBefore(at(2 * POLL))).to.be.at.least(1);
      const [parameter, told] = await refusal({ from: at(POLL), to: undefined });
      expect(parameter).to.equal('from');
      expect(told).to.contain(at(2 * POLL).toISOString());
    });
  });

  describe('are trouble, not an empty answer,', () => {
    it('while the follower is far behind', async () => {
      for (let index = 0; index < 10; index += 1) bench.feed.script.push(() => problem(503));
      await bench.pass(11 * MINUTE);
      const error = await rejectionOf(changes.changes({ from: at(0), to: undefined }, caller()));
      expect(error).to.be.instanceOf(UpstreamUnavailable);
      expect(await names(at(0), at(MINUTE))).to.deep.equal([]);
    });

    it('before the feed was reached at all', async () => {
      const fresh = new FollowerBench();
      const unbegun = new FollowedChanges({
        registry: {
          ...documentsOver(documents),
          mappings,
          fill: 'faithful',
          clock: fresh.clock,
          events: fresh.events,
        },
        log: fresh.store.changeLog,
        limits: { maxPersons: 150, maxDays: 7, pollSeconds: 60 },
        events: fresh.events,
      });
      const error = await rejectionOf(unbegun.changes({ from: at(0), to: undefined }, caller()));
      expect(error).to.be.instanceOf(UpstreamUnavailable);
    });
  });
});
