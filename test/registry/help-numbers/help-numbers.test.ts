import { expect } from 'chai';
import { InvalidQuery, StoreFailed, TooManyHits, UpstreamUnavailable } from '../../../src/errors/errors.js';
import type { HelpNumberRecord } from '../../../src/person/help-number-record.js';
import type { NationalId } from '../../../src/person/national-id.js';
import {
  callerOf,
  changeBy,
  helpNumberBench,
  numberAdded,
  type HelpNumberBench,
} from '../../support/help-number-bench.js';
import { helpNumber, recordedAddress, recordOf } from '../../support/help-numbers.js';
import { memoryStore } from '../../support/memory-store.js';
import { dayIn, pregPerson } from '../../support/preg-person.js';
import { rejectionOf } from '../../support/rejection.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const kari = recordOf({
  name: { given: 'Kari', middle: null, family: 'Testmann' },
  birth: '1980-05-17',
  gender: 'F',
});

const national = syntheticNumber(1);

/** A bench with people added to it, and their numbers. */
async function withPeople(
  count: number,
  bench: HelpNumberBench = helpNumberBench(),
): Promise<{ readonly bench: HelpNumberBench; readonly numbers: readonly NationalId[] }> {
  const numbers: NationalId[] = [];
  for (let index = 0; index < count; index += 1) {
    numbers.push(await numberAdded(bench.register.add(recordOf(), changeBy())));
  }
  return { bench, numbers };
}

function pick(numbers: readonly NationalId[], index: number): NationalId {
  const number = numbers[index];
  if (number === undefined) throw new RangeError('no such number');
  return number;
}

describe('adding a person', () => {
  it('gives out a number of the series and answers with the person', async () => {
    const { register } = helpNumberBench({ series: [{ from: '800000000', to: '800000000' }] });
    const added = await register.add(kari, changeBy());
    if (added.outcome !== 'done') throw new Error(added.rule);
    expect(added.hit.person).to.include({ nin: helpNumber(0), givenName: 'KARI', sn: 'TESTMANN' });
    expect(added.possibleDuplicates).to.deep.equal([]);
  });

  it('is refused without a series, and nobody is asked anything', async () => {
    const { register, source } = helpNumberBench({ series: [] });
    expect(await register.add(kari, changeBy())).to.deep.equal({ outcome: 'refused', rule: 'no-series' });
    expect([source.lookups, source.searches]).to.deep.equal([[], []]);
  });

  it('is refused when every number of the series is in use', async () => {
    const { register, repository } = helpNumberBench({ series: [{ from: '800000000', to: '800000019' }] });
    const given = new Set<NationalId>();
    for (let left = 20; left > 0; left -= 1) {
      const added = await register.add(recordOf(), changeBy());
      if (added.outcome === 'refused') {
        expect(added.rule).to.equal('series-exhausted');
        break;
      }
      given.add(added.hit.person.nin);
    }
    const usable = Array.from({ length: 20 }, (_, index) => helpNumber(index)).filter(
      (number) => number.slice(0, 9) <= '800000019',
    );
    expect([...given].sort()).to.deep.equal(usable);
    expect(usable.every((number) => repository.isAllotted(number))).to.equal(true);
  });

  it('answers a repeated message with the same number, and stores it once', async () => {
    const { register, repository } = helpNumberBench();
    const first = await register.add(kari, changeBy({ messageId: 'm-1' }));
    const again = await register.add({ ...kari }, changeBy({ messageId: 'm-1' }));
    expect(again).to.deep.equal(first);
    expect(repository.people([], 0).entries).to.have.length(1);
  });

  it('answers a repeated message though the source is down and the series is gone', async () => {
    const store = memoryStore();
    const before = helpNumberBench({ repository: store.helpNumbers });
    const number = await numberAdded(before.register.add(kari, changeBy({ messageId: 'm-1' })));
    const after = helpNumberBench({ repository: store.helpNumbers, series: [] });
    after.source.lookupTrouble = new UpstreamUnavailable('down');
    after.source.searchTrouble = new UpstreamUnavailable('down');
    expect(await numberAdded(after.register.add(kari, changeBy({ messageId: 'm-1' })))).to.equal(number);
  });

  it('tells clients apart that use the same message ids', async () => {
    const { register } = helpNumberBench();
    const [one, other] = ['one', 'other'].map((clientId) =>
      numberAdded(register.add(kari, changeBy({ caller: callerOf({ clientId }), messageId: 'm-1' }))),
    );
    expect(await one).not.to.equal(await other);
  });

  it('gives another number to each message without id', async () => {
    const { numbers } = await withPeople(2);
    expect(new Set(numbers).size).to.equal(2);
  });

  it('gives one number to two equal messages at once', async () => {
    const { register, repository } = helpNumberBench();
    const change = changeBy({ messageId: 'm-1' });
    const numbers = await Promise.all([1, 2, 3].map(() => numberAdded(register.add(kari, change))));
    expect(new Set(numbers).size).to.equal(1);
    expect(repository.people([], 0).entries).to.have.length(1);
  });

  it('stores nobody for a caller who has left before the number was written', async () => {
    const { register, repository, source } = helpNumberBench();
    const leaving = new AbortController();
    const lookup = source.lookup.bind(source);
    source.lookup = (query, caller) => {
      leaving.abort(new Error('left'));
      return lookup(query, caller);
    };
    const change = changeBy({ caller: callerOf({ signal: leaving.signal }) });
    expect((await rejectionOf(register.add(kari, change))).message).to.equal('left');
    expect(repository.people([], 0).entries).to.deep.equal([]);
  });

  it('fails when the store fails', async () => {
    const store = memoryStore();
    const { register } = helpNumberBench({ repository: store.helpNumbers });
    store.close();
    expect(await rejectionOf(register.add(kari, changeBy()))).to.be.instanceOf(StoreFailed);
  });
});

describe('a message id', () => {
  it('that was used for something else is refused, whatever the operation', async () => {
    const { bench, numbers } = await withPeople(2);
    const change = changeBy({ messageId: 'm-1' });
    const [one, other] = [pick(numbers, 0), pick(numbers, 1)];
    expect((await bench.register.add(kari, change)).outcome).to.equal('done');
    const refused = { outcome: 'refused', rule: 'message-id-reused' };
    expect(await bench.register.add({ ...kari, gender: 'M' }, change)).to.deep.equal(refused);
    expect(await bench.register.revise(one, { gender: 'M' }, change)).to.deep.equal(refused);
    expect(await bench.register.link(one, [other], change)).to.deep.equal(refused);
    expect(await bench.register.unlink(one, other, change)).to.deep.equal(refused);
  });

  it('makes every operation happen once', async () => {
    const { bench, numbers } = await withPeople(2);
    const [one, other] = [pick(numbers, 0), pick(numbers, 1)];
    const { register, repository } = bench;
    const twice = async (
      messageId: string,
      ask: (change: ReturnType<typeof changeBy>) => Promise<unknown>,
    ): Promise<void> => {
      const before = [...repository.history(other), ...repository.history(one)].length;
      const first = await ask(changeBy({ messageId }));
      const after = [...repository.history(other), ...repository.history(one)].length;
      expect(after).to.be.greaterThan(before);
      expect(await ask(changeBy({ messageId }))).to.deep.equal(first);
      expect([...repository.history(other), ...repository.history(one)]).to.have.length(after);
    };
    await twice('r', (change) => register.revise(one, { gender: 'F' }, change));
    await twice('l', (change) => register.link(one, [other], change));
    await twice('u', (change) => register.unlink(one, other, change));
  });

  it('can be used again after a refusal, since nothing was changed', async () => {
    const { bench, numbers } = await withPeople(2);
    const change = changeBy({ messageId: 'm-1' });
    const [one, other] = [pick(numbers, 0), pick(numbers, 1)];
    expect(await bench.register.unlink(one, other, change)).to.include({ rule: 'not-linked' });
    await bench.register.link(one, [other], changeBy());
    expect(await bench.register.unlink(one, other, change)).to.include({ outcome: 'done' });
  });
});

describe('possible duplicates', () => {
  const known = pregPerson({
    nin: national,
    givenName: 'KARI',
    sn: 'TESTMANN',
    dateOfBirth: dayIn('1980-05-17'),
  });

  async function duplicatesOf(
    record: HelpNumberRecord,
    { register }: HelpNumberBench,
    change = changeBy(),
  ): Promise<readonly NationalId[]> {
    const added = await register.add(record, change);
    if (added.outcome !== 'done') throw new Error(added.rule);
    return added.possibleDuplicates;
  }

  it('are people of the source and of the register with the same name and birth date', async () => {
    const bench = helpNumberBench({ people: [known] });
    const first = await numberAdded(bench.register.add(kari, changeBy()));
    const shouted = { ...kari, name: { given: 'KARI', middle: 'Mellom', family: 'testmann' } };
    expect(await duplicatesOf(shouted, bench)).to.deep.equal([first, national]);
  });

  it('are not people with another letter, day or longer name', async () => {
    const others = [
      { ...known, givenName: 'KÅRI' },
      { ...known, givenName: 'KARIANNE' },
      { ...known, dateOfBirth: dayIn('1980-05-18') },
    ];
    const bench = helpNumberBench({ people: others });
    await bench.register.add({ ...kari, birth: '1980' }, changeBy());
    expect(await duplicatesOf(kari, bench)).to.deep.equal([]);
  });

  it('are told again with a repeated message', async () => {
    const bench = helpNumberBench({ people: [known] });
    const change = changeBy({ messageId: 'm-1' });
    expect(await duplicatesOf(kari, bench, change)).to.deep.equal([national]);
    bench.source.people.length = 0;
    expect(await duplicatesOf(kari, bench, change)).to.deep.equal([national]);
  });

  for (const trouble of [new InvalidQuery('name', 'too short'), new TooManyHits('many')]) {
    it(`cannot be told of the source when its search is refused with ${trouble.code}`, async () => {
      const bench = helpNumberBench({ people: [known] });
      bench.source.searchTrouble = trouble;
      expect(await duplicatesOf(kari, bench)).to.deep.equal([]);
    });
  }

  it('make the add fail when the source is in trouble', async () => {
    const bench = helpNumberBench();
    bench.source.searchTrouble = new UpstreamUnavailable('down');
    expect(await rejectionOf(bench.register.add(kari, changeBy()))).to.equal(bench.source.searchTrouble);
    expect(bench.repository.people([], 0).entries).to.deep.equal([]);
  });

  it('are not searched for on behalf of a client that may not search by them', async () => {
    const bench = helpNumberBench({ people: [known] });
    const caller = callerOf({ visible: new Set(['identity']) });
    expect(await duplicatesOf(kari, bench, changeBy({ caller }))).to.deep.equal([]);
    expect(bench.source.searches).to.deep.equal([]);
  });

  it('are not searched for without name and whole birth date', async () => {
    const bench = helpNumberBench({ people: [known] });
    await duplicatesOf({ ...kari, birth: '1980' }, bench);
    await duplicatesOf({ ...kari, name: { ...kari.name, given: null } }, bench);
    expect(bench.source.searches).to.deep.equal([]);
  });
});

describe('revising a record', () => {
  it('replaces what was sent and keeps the rest', async () => {
    const bench = helpNumberBench();
    const told = { ...kari, addresses: [recordedAddress({ postalCode: '0155' })] };
    const number = await numberAdded(bench.register.add(told, changeBy()));
    const answer = await bench.register.revise(number, { birth: '1981-01-01', addresses: [] }, changeBy());
    if (answer.outcome !== 'done') throw new Error(answer.rule);
    expect(answer.hit.person).to.deep.include({
      nin: number,
      sn: 'TESTMANN',
      gender: 'F',
      dateOfBirth: '1981-01-01',
      addresses: [],
    });
    expect(bench.repository.find(number)?.record).to.deep.equal({
      ...kari,
      birth: '1981-01-01',
      addresses: [],
    });
  });

  it('makes the person be found by the new name and not by the old one', async () => {
    const bench = helpNumberBench();
    const number = await numberAdded(bench.register.add(kari, changeBy()));
    await bench.register.revise(number, { name: { given: 'Åse', middle: null, family: 'Ny' } }, changeBy());
    const found = async (given: string): Promise<number> =>
      (await bench.registry.search({ name: { given }, withHelpNumbers: true, limit: 10 }, callerOf())).total;
    expect([await found('Kari'), await found('Åse')]).to.deep.equal([0, 1]);
  });

  it('is refused when the death would be before the birth that is known, whatever the rest of it is', async () => {
    const { register, repository } = helpNumberBench();
    const number = await numberAdded(register.add({ ...kari, birth: '1981' }, changeBy()));
    const dying = async (day: string, birth?: string): Promise<string> => {
      const told = { deceased: true, dateOfDeath: dayIn(day), ...(birth === undefined ? {} : { birth }) };
      const answer = await register.revise(number, told, changeBy());
      return answer.outcome === 'refused' ? answer.rule : answer.outcome;
    };
    expect(await dying('1980-12-31')).to.equal('death-before-birth');
    expect(repository.find(number)?.record.dateOfDeath).to.equal(null);
    expect(await dying('1981-01-01')).to.equal('done');
    expect(await dying('1980-12-31', '1980')).to.equal('done');
    const born = await register.revise(number, { birth: '1981' }, changeBy());
    expect(born).to.deep.equal({ outcome: 'refused', rule: 'death-before-birth' });
  });

  it('is refused for numbers that are not ours', async () => {
    const foreign = helpNumber(5);
    const { register } = helpNumberBench({
      people: [pregPerson({ nin: foreign })],
      series: [{ from: '800005000', to: '800009998' }],
    });
    const ruleFor = async (id: NationalId): Promise<string> => {
      const answer = await register.revise(id, { gender: 'F' }, changeBy());
      return answer.outcome === 'refused' ? answer.rule : answer.outcome;
    };
    expect(await ruleFor(national)).to.equal('not-a-help-number');
    expect(await ruleFor(foreign)).to.equal('not-our-number');
    expect(await ruleFor(helpNumber(6))).to.equal('unknown-number');
  });

  it('is refused for a superseded number', async () => {
    const { bench, numbers } = await withPeople(2);
    await bench.register.link(pick(numbers, 0), [pick(numbers, 1)], changeBy());
    expect(await bench.register.revise(pick(numbers, 1), { gender: 'F' }, changeBy())).to.deep.equal({
      outcome: 'refused',
      rule: 'superseded',
    });
  });
});

describe('linking numbers', () => {
  const old = syntheticNumber(2);
  const person = pregPerson({ nin: national, supersededNINs: [old], sn: 'FOLKEREGISTRERT' });

  async function ruleOf(answer: ReturnType<HelpNumberBench['register']['link']>): Promise<string> {
    const given = await answer;
    return given.outcome === 'refused' ? given.rule : given.outcome;
  }

  it('answers with the survivor and lists the superseded numbers', async () => {
    const { bench, numbers } = await withPeople(2, helpNumberBench({ people: [person] }));
    const answer = await bench.register.link(national, numbers, changeBy());
    if (answer.outcome !== 'done') throw new Error(answer.rule);
    expect(answer.hit.person).to.deep.include({
      nin: national,
      sn: 'FOLKEREGISTRERT',
      supersededNINs: [old, ...numbers.toReversed()],
    });
  });

  it('lets one of our own numbers survive', async () => {
    const { bench, numbers } = await withPeople(2);
    const answer = await bench.register.link(pick(numbers, 0), [pick(numbers, 1)], changeBy());
    if (answer.outcome !== 'done') throw new Error(answer.rule);
    expect(answer.hit.person).to.deep.include({ nin: numbers[0], supersededNINs: [numbers[1]] });
  });

  it('moves what the superseded number answered for to the survivor', async () => {
    const { bench, numbers } = await withPeople(3, helpNumberBench({ people: [person] }));
    const [a, b, c] = [pick(numbers, 0), pick(numbers, 1), pick(numbers, 2)];
    await bench.register.link(b, [a], changeBy());
    await bench.register.link(national, [c], changeBy());
    await bench.register.link(national, [b], changeBy());
    expect(numbers.map((number) => bench.repository.find(number)?.survivor)).to.deep.equal([
      national,
      national,
      national,
    ]);
    expect(bench.repository.supersededBy(b)).to.deep.equal([]);
    expect(bench.repository.supersededBy(national)).to.deep.equal([b, a, c]);
  });

  it('can be repeated after unlinking', async () => {
    const { bench, numbers } = await withPeople(2);
    const [one, other] = [pick(numbers, 0), pick(numbers, 1)];
    for (let round = 0; round < 2; round += 1) {
      expect(await ruleOf(bench.register.link(one, [other], changeBy()))).to.equal('done');
      expect(await ruleOf(bench.register.link(one, [other], changeBy()))).to.equal('superseded');
      expect(await ruleOf(bench.register.unlink(one, other, changeBy()))).to.equal('done');
    }
    expect(await ruleOf(bench.register.link(other, [one], changeBy()))).to.equal('done');
  });

  it('does all or nothing', async () => {
    const { bench, numbers } = await withPeople(3);
    const [a, b, c] = [pick(numbers, 0), pick(numbers, 1), pick(numbers, 2)];
    await bench.register.link(c, [b], changeBy());
    const before = [...bench.repository.history(a)];
    expect(await ruleOf(bench.register.link(c, [a, b], changeBy()))).to.equal('superseded');
    expect(bench.repository.find(a)?.survivor).to.equal(null);
    expect([...bench.repository.history(a)]).to.deep.equal(before);
  });

  it('takes a number that is given twice as given once', async () => {
    const { bench, numbers } = await withPeople(2);
    const [one, other] = [pick(numbers, 0), pick(numbers, 1)];
    expect(await ruleOf(bench.register.link(one, [other, other], changeBy()))).to.equal('done');
    expect(bench.repository.supersededBy(one)).to.deep.equal([other]);
  });

  it('is refused where a rule would be broken', async () => {
    const foreign = helpNumber(5);
    const withdrawn = syntheticNumber(4);
    const people = [person, pregPerson({ nin: foreign }), pregPerson({ nin: withdrawn })];
    const parts = { people, series: [{ from: '800005000', to: '800009998' }] };
    const { bench, numbers } = await withPeople(3, helpNumberBench(parts));
    const [a, b, c] = [pick(numbers, 0), pick(numbers, 1), pick(numbers, 2)];
    bench.source.outOfUse.add(withdrawn);
    await bench.register.link(b, [a], changeBy());
    const rule = (survivor: NationalId, ...superseded: NationalId[]): Promise<string> =>
      ruleOf(bench.register.link(survivor, superseded, changeBy()));
    expect(await rule(b, b)).to.equal('same-number');
    expect(await rule(b, national)).to.equal('not-a-help-number');
    expect(await rule(b, syntheticNumber(9))).to.equal('not-a-help-number');
    expect(await rule(b, foreign)).to.equal('not-our-number');
    expect(await rule(b, helpNumber(6))).to.equal('unknown-number');
    expect(await rule(helpNumber(6), b)).to.equal('unknown-number');
    expect(await rule(syntheticNumber(9), b)).to.equal('unknown-number');
    expect(await rule(a, c)).to.equal('survivor-superseded');
    expect(await rule(old, c)).to.equal('survivor-superseded');
    expect(await rule(withdrawn, c)).to.equal('survivor-superseded');
    expect(await rule(c, a)).to.equal('superseded');
    expect(await rule(foreign, c)).to.equal('done');
  });

  it('fails, and links nothing, when the source cannot tell of the survivor', async () => {
    const { bench, numbers } = await withPeople(1, helpNumberBench({ people: [person] }));
    bench.source.lookupTrouble = new UpstreamUnavailable('down');
    const linking = bench.register.link(national, numbers, changeBy());
    expect(await rejectionOf(linking)).to.equal(bench.source.lookupTrouble);
    expect(bench.repository.find(pick(numbers, 0))?.survivor).to.equal(null);
  });
});

describe('unlinking numbers', () => {
  const person = pregPerson({ nin: national });

  it('frees the number, and leaves behind what came with it', async () => {
    const { bench, numbers } = await withPeople(2, helpNumberBench({ people: [person] }));
    const [a, b] = [pick(numbers, 0), pick(numbers, 1)];
    await bench.register.link(b, [a], changeBy());
    await bench.register.link(national, [b], changeBy());
    const answer = await bench.register.unlink(national, b, changeBy());
    if (answer.outcome !== 'done') throw new Error(answer.rule);
    expect(answer.hit.person).to.deep.include({ nin: b, supersededNINs: [] });
    expect(bench.repository.find(b)?.survivor).to.equal(null);
    expect(bench.repository.find(a)?.survivor).to.equal(national);
  });

  it('knows the survivor by a number that came after the link', async () => {
    const { bench, numbers } = await withPeople(1, helpNumberBench({ people: [person] }));
    await bench.register.link(national, numbers, changeBy());
    const newer = syntheticNumber(3);
    bench.source.people.splice(0, 1, pregPerson({ nin: newer, supersededNINs: [national] }));
    const answer = await bench.register.unlink(newer, pick(numbers, 0), changeBy());
    expect(answer.outcome).to.equal('done');
  });

  it('works though the source does not know the survivor any more', async () => {
    const { bench, numbers } = await withPeople(1, helpNumberBench({ people: [person] }));
    await bench.register.link(national, numbers, changeBy());
    bench.source.people.length = 0;
    const answer = await bench.register.unlink(national, pick(numbers, 0), changeBy());
    expect(answer.outcome).to.equal('done');
  });

  it('is refused where a rule would be broken', async () => {
    const { bench, numbers } = await withPeople(3, helpNumberBench({ people: [person] }));
    const [a, b, c] = [pick(numbers, 0), pick(numbers, 1), pick(numbers, 2)];
    await bench.register.link(b, [a], changeBy());
    const rule = async (survivor: NationalId, superseded: NationalId): Promise<string> => {
      const answer = await bench.register.unlink(survivor, superseded, changeBy());
      return answer.outcome === 'refused' ? answer.rule : answer.outcome;
    };
    expect(await rule(c, a)).to.equal('not-linked');
    expect(await rule(national, a)).to.equal('not-linked');
    expect(await rule(b, c)).to.equal('not-linked');
    expect(await rule(a, b)).to.equal('not-linked');
    expect(await rule(syntheticNumber(9), a)).to.equal('unknown-number');
    expect(await rule(b, national)).to.equal('not-a-help-number');
    expect(await rule(b, helpNumber(1))).to.equal('unknown-number');
    expect(bench.repository.find(a)?.survivor).to.equal(b);
  });
});

describe('the history of a number', () => {
  it('tells each change: who, when, what before and what after', async () => {
    const bench = helpNumberBench({ people: [pregPerson({ nin: national })] });
    const { register, repository, clock } = bench;
    const add = changeBy({ requester: '1.2.3^nurse' });
    const number = await numberAdded(register.add(kari, add));
    await clock.advance(60_000);
    const revise = changeBy({ caller: callerOf({ clientId: 'lab' }) });
    await register.revise(number, { gender: 'M' }, revise);
    await clock.advance(60_000);
    const link = changeBy();
    await register.link(national, [number], link);
    const unlink = changeBy();
    await register.unlink(national, number, unlink);

    const revised = { ...kari, gender: 'M' };
    const state = { survivor: null, superseded: [] };
    expect([...repository.history(number)]).to.deep.equal([
      {
        seq: 1,
        at: new Date('2025-03-01T12:00:00Z'),
        correlationId: add.caller.correlationId,
        clientId: 'ward-system',
        requester: '1.2.3^nurse',
        operation: 'add',
        number,
        before: null,
        after: { ...state, record: kari },
      },
      {
        seq: 2,
        at: new Date('2025-03-01T12:01:00Z'),
        correlationId: revise.caller.correlationId,
        clientId: 'lab',
        requester: undefined,
        operation: 'revise',
        number,
        before: { ...state, record: kari },
        after: { ...state, record: revised },
      },
      {
        seq: 3,
        at: new Date('2025-03-01T12:02:00Z'),
        correlationId: link.caller.correlationId,
        clientId: 'ward-system',
        requester: undefined,
        operation: 'link',
        number,
        before: { ...state, record: revised },
        after: { ...state, record: revised, survivor: national },
      },
      {
        seq: 5,
        at: new Date('2025-03-01T12:02:00Z'),
        correlationId: unlink.caller.correlationId,
        clientId: 'ward-system',
        requester: undefined,
        operation: 'unlink',
        number,
        before: { ...state, record: revised, survivor: national },
        after: { ...state, record: revised },
      },
    ]);
    const ofSurvivor = Array.from(repository.history(national), ({ operation, before, after }) => [
      operation,
      before?.superseded,
      after.superseded,
    ]);
    expect(ofSurvivor).to.deep.equal([
      ['link', undefined, [number]],
      ['unlink', [number], []],
    ]);
  });

  it('has nothing of what was refused', async () => {
    const { bench, numbers } = await withPeople(1);
    await bench.register.unlink(national, pick(numbers, 0), changeBy());
    expect([...bench.repository.history(pick(numbers, 0))]).to.have.length(1);
  });
});
