import { expect } from 'chai';
import { PregRejected } from '../../../../src/errors/errors.js';
import { checkDigitsFor, isNationalId, type NationalId } from '../../../../src/person/national-id.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import type { LookupAnswer } from '../../../../src/registry/person-registry.js';
import { callerBy, pregXmlOver, type FakePreg } from '../../../support/fake-preg.js';
import { found } from '../../../support/person-service.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { personregisterOver } from '../../../support/preg-registries.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const [oldest, older, current, somebody] = [0, 1, 2, 3].map(syntheticNumber);
if (oldest === undefined || older === undefined || current === undefined || somebody === undefined) {
  throw new RangeError('no numbers');
}
const caller = callerBy('preg-xml');
const duf = ((text: string): NationalId => {
  if (!isNationalId(text)) throw new RangeError('no number');
  return text;
})('209900000417');

/** A PREG with one record for each number. */
function pregWith(...records: readonly PregPerson[]): FakePreg {
  const byNumber = new Map<string, PregPerson>(records.map((record) => [record.nin, record]));
  const answer = (id: NationalId): LookupAnswer => {
    const record = byNumber.get(id);
    return record === undefined ? { outcome: 'not-found' } : found(record);
  };
  return pregXmlOver({
    lookup: ({ id }) => Promise.resolve(answer(id)),
    lookupMany: ({ ids }) => Promise.resolve(new Map(ids.map((id) => [id, answer(id)]))),
  });
}

const superseded = [
  pregPerson({ nin: oldest, newNIN: older, regStatus: 6, sn: 'ELDST' }),
  pregPerson({ nin: older, newNIN: current, oldNIN: oldest, regStatus: 6, sn: 'ELDRE' }),
  pregPerson({ nin: current, oldNIN: older, regStatus: 5, dateStatus: dayIn('2020-02-29'), sn: 'NYEST' }),
];

/** A synthetic D-number: the first that there are check digits for. */
function syntheticDNumber(): NationalId {
  for (let index = 0; index < 50; index += 1) {
    const nine = syntheticNumber(index).slice(0, 9);
    const digits = `${String(Number(nine.charAt(0)) + 4)}${nine.slice(1)}`;
    const text = `${digits}${checkDigitsFor(digits) ?? ''}`;
    if (isNationalId(text)) return text;
  }
  throw new RangeError('no number');
}

/** What comes of it, or what it fails with. */
async function rejectionOr(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return error;
  }
}

function personIn(answer: LookupAnswer | undefined): PregPerson {
  if (answer?.outcome !== 'found') throw new Error('nobody was found');
  return answer.person;
}

describe('a number that gave way, looked up in PREG', () => {
  it('leads from record to record to the one in use, with every number on the way', async () => {
    const preg = pregWith(...superseded);
    const person = personIn(await personregisterOver(preg).lookup({ id: oldest }, caller));
    expect(person).to.deep.include({ nin: current, sn: 'NYEST', newNIN: null, deceased: true });
    expect(person.supersededNINs).to.deep.equal([older, oldest]);
    expect(preg.operations).to.deep.equal(['GetPerson', 'GetPerson', 'GetPerson']);
  });

  it('is told as its own record where that is wanted, and whether its owner lives is not', async () => {
    const preg = pregWith(...superseded);
    const person = personIn(await personregisterOver(preg).lookup({ id: oldest, record: 'asked' }, caller));
    expect(person).to.include({ nin: oldest, newNIN: older, regStatus: 6, deceased: null });
  });

  it('is answered by the record in use where PREG does so itself', async () => {
    const preg = pregXmlOver({
      lookup: () => Promise.resolve(found(pregPerson({ nin: current, oldNIN: older }))),
    });
    const registry = personregisterOver(preg);
    for (const record of ['current', 'asked'] as const) {
      expect(personIn(await registry.lookup({ id: older, record }, caller)).nin).to.equal(current);
    }
  });

  it('is told as the last record that there is where the next one is missing', async () => {
    const preg = pregWith(...superseded.slice(0, 2));
    expect(personIn(await personregisterOver(preg).lookup({ id: oldest }, caller)).nin).to.equal(older);
  });

  it('ends the search where records lead in a circle', async () => {
    const preg = pregWith(
      pregPerson({ nin: oldest, newNIN: older, oldNIN: older }),
      pregPerson({ nin: older, newNIN: oldest, oldNIN: oldest }),
    );
    const person = personIn(await personregisterOver(preg).lookup({ id: oldest }, caller));
    expect([oldest, older]).to.include(person.nin);
    expect(preg.operations).to.have.length(2);
    expect(person.supersededNINs).not.to.include(person.nin);
  });

  it('hides the address that the record in use does not, where its own one does', async () => {
    const preg = pregWith(
      pregPerson({ nin: older, newNIN: current, addresses: [pregAddress({ nin: older, postalType: 7 })] }),
      pregPerson({ nin: current, oldNIN: older, addresses: [pregAddress({ nin: current, st: '0301' })] }),
    );
    const person = personIn(await personregisterOver(preg).lookup({ id: older }, caller));
    expect(person.addresses.map(({ postalType, st }) => [postalType, st])).to.deep.equal([[7, null]]);
  });

  describe('that leads to a record of another number', () => {
    const birth = dayIn('1950-12-31');
    const dNumber = syntheticDNumber();
    const led = async (from: Partial<PregPerson>, to: Partial<PregPerson>): Promise<unknown> => {
      const nin = from.nin ?? older;
      const preg = pregWith(
        pregPerson({ regStatus: 6, newNIN: current, dateOfBirth: birth, ...from, nin }),
        pregPerson({ nin: current, regStatus: 1, ...to }),
      );
      const wanted = { id: nin };
      const alone = await rejectionOr(personregisterOver(preg).lookup(wanted, caller));
      const many = await rejectionOr(personregisterOver(preg).lookupMany({ ids: [nin] }, caller));
      expect(many instanceof PregRejected, 'alone and in bulk').to.equal(alone instanceof PregRejected);
      return alone;
    };

    it('is followed there where that one names it, whatever else the two say', async () => {
      expect(await led({}, { oldNIN: older, dateOfBirth: dayIn('1951-01-01') })).to.have.property('person');
    });

    it('is followed there where both were born on the same day', async () => {
      expect(await led({}, { dateOfBirth: birth })).to.have.property('person');
    });

    it('is followed from a D-number to the national number of somebody born on the same day', async () => {
      expect(await led({ nin: dNumber }, { dateOfBirth: birth })).to.have.property('person');
    });

    for (const [what, to] of [
      ['was born on another day', { dateOfBirth: dayIn('1951-01-01') }],
      [
        'names another number and was born on another day',
        { oldNIN: somebody, dateOfBirth: dayIn('1951-01-01') },
      ],
      ['does not say when it was born', { dateOfBirth: null }],
    ] as const) {
      it(`is nobody’s where that one ${what}`, async () => {
        const refusal = await led({}, to);
        expect(refusal).to.be.instanceOf(PregRejected);
        expect(String(refusal)).not.to.contain(current);
      });
    }

    it('is nobody’s where a national number gave way to a D-number', async () => {
      const preg = pregWith(
        pregPerson({ nin: older, newNIN: dNumber, dateOfBirth: birth }),
        pregPerson({ nin: dNumber, dateOfBirth: birth }),
      );
      const refusal = await rejectionOf(personregisterOver(preg).lookup({ id: older }, caller));
      expect(refusal).to.be.instanceOf(PregRejected);
    });
  });

  it('is out of use where none took its place', async () => {
    const preg = pregWith(
      pregPerson({ nin: older, regStatus: 6 }),
      pregPerson({ nin: current, regStatus: 1 }),
    );
    const registry = personregisterOver(preg);
    expect(await registry.lookup({ id: older }, caller)).to.include({ isOutOfUse: true });
    expect(await registry.lookup({ id: current }, caller)).not.to.have.property('isOutOfUse');
  });
});

describe('a DUF number, looked up in PREG', () => {
  it('finds the person whose record names it', async () => {
    const preg = pregXmlOver({
      lookup: () => Promise.resolve(found(pregPerson({ nin: current, dufNo: duf }))),
    });
    expect(personIn(await personregisterOver(preg).lookup({ id: duf }, caller)).nin).to.equal(current);
  });

  it('never finds one whose record does not', async () => {
    const preg = pregXmlOver({ lookup: () => Promise.resolve(found(pregPerson({ nin: current }))) });
    const refusal = await rejectionOf(personregisterOver(preg).lookup({ id: duf }, caller));
    expect(refusal).to.be.instanceOf(PregRejected);
  });
});

describe('many numbers, looked up in PREG', () => {
  it('are asked for at once, and who is missing alone before it counts as nobody', async () => {
    const preg = pregWith(pregPerson({ nin: current, sn: 'NYEST' }));
    const answers = await personregisterOver(preg).lookupMany({ ids: [somebody, current, somebody] }, caller);
    expect([...answers.keys()]).to.deep.equal([somebody, current]);
    expect(answers.get(somebody)).to.deep.equal({ outcome: 'not-found' });
    expect(personIn(answers.get(current)).sn).to.equal('NYEST');
    expect(preg.operations).to.deep.equal(['GetPersons', 'GetPerson']);
  });

  it('are found though the answer in bulk left them out', async () => {
    const preg = pregXmlOver({
      lookup: () => Promise.resolve(found(pregPerson({ nin: current }))),
      lookupMany: () => Promise.resolve(new Map()),
    });
    const answers = await personregisterOver(preg).lookupMany({ ids: [current] }, caller);
    expect(personIn(answers.get(current)).nin).to.equal(current);
  });

  it('are asked for a hundred at a time', async () => {
    const ids = Array.from({ length: 201 }, (_, index) => syntheticNumber(index));
    const preg = pregWith(...ids.map((nin) => pregPerson({ nin })));
    const answers = await personregisterOver(preg).lookupMany({ ids }, caller);
    expect([...answers.keys()]).to.deep.equal(ids);
    expect(preg.operations).to.deep.equal(['GetPersons', 'GetPersons', 'GetPersons']);
  });

  it('never give somebody who was not asked for', async () => {
    const preg = pregXmlOver({
      lookupMany: ({ ids }) =>
        Promise.resolve(new Map(ids.map((id) => [id, found(pregPerson({ nin: somebody }))]))),
    });
    const refusal = await rejectionOf(personregisterOver(preg).lookupMany({ ids: [current] }, caller));
    expect(refusal).to.be.instanceOf(PregRejected);
    expect(String(refusal)).not.to.contain(somebody);
  });

  it('are told each as its own record where that is wanted, whatever record the answer in bulk had for it', async () => {
    const own = pregPerson({ nin: older, newNIN: current, sn: 'ELDRE' });
    const successor = pregPerson({ nin: current, oldNIN: older, sn: 'NYEST' });
    const preg = pregXmlOver({
      lookup: ({ id }) => Promise.resolve(found(id === older ? own : successor)),
      lookupMany: ({ ids }) => Promise.resolve(new Map(ids.map((id) => [id, found(successor)]))),
    });
    const answers = await personregisterOver(preg).lookupMany({ ids: [older], record: 'asked' }, caller);
    expect(personIn(answers.get(older))).to.include({ nin: older, sn: 'ELDRE' });
  });

  it('lead to the records in use each by itself', async () => {
    const preg = pregWith(...superseded);
    const answers = await personregisterOver(preg).lookupMany({ ids: [oldest, current] }, caller);
    expect([...answers].map(([, answer]) => personIn(answer).nin)).to.deep.equal([current, current]);
  });
});

describe('a past day, asked about in PREG', () => {
  const then = pregPerson({
    nin: current,
    sn: 'FORRIGE',
    addresses: [pregAddress({ nin: current, st: '4601', currentAddress: false })],
  });

  function pregOnDays(today: PregPerson | undefined): FakePreg {
    return pregXmlOver({
      lookup: ({ on }) => {
        const person = on === undefined ? today : then;
        return Promise.resolve(person === undefined ? { outcome: 'not-found' } : found(person));
      },
    });
  }

  it('is answered with that day’s record and its addresses', async () => {
    const registry = personregisterOver(pregOnDays(pregPerson({ nin: current, sn: 'NÅ' })));
    const person = personIn(await registry.lookup({ id: current, on: dayIn('2001-01-01') }, caller));
    expect([person.sn, person.addresses.map(({ st }) => st)]).to.deep.equal(['FORRIGE', ['4601']]);
  });

  it('is told under the protection of today', async () => {
    const today = pregPerson({ nin: current, addresses: [pregAddress({ nin: current, postalType: 6 })] });
    const registry = personregisterOver(pregOnDays(today));
    const person = personIn(await registry.lookup({ id: current, on: dayIn('2001-01-01') }, caller));
    expect(person.addresses.map(({ postalType, st }) => [postalType, st])).to.deep.equal([[6, null]]);
    const many = await registry.lookupMany({ ids: [current], on: dayIn('2001-01-01') }, caller);
    expect(personIn(many.get(current)).addresses.map(({ st }) => st)).to.deep.equal([null]);
  });

  it('is today where it is to come, and asked about once', async () => {
    const preg = pregOnDays(pregPerson({ nin: current, sn: 'NÅ' }));
    const answer = await personregisterOver(preg).lookup({ id: current, on: dayIn('2022-06-15') }, caller);
    expect(personIn(answer).sn).to.equal('NÅ');
    expect(preg.operations).to.deep.equal(['GetPerson']);
  });
});

describe('the children of somebody, asked for in PREG', () => {
  it('are those that PREG tells of, those in hiding masked', async () => {
    const child = pregPerson({
      nin: current,
      addresses: [pregAddress({ nin: current, st: '0301', postalType: 7 })],
    });
    const preg = pregXmlOver({
      children: () =>
        Promise.resolve({ outcome: 'found', children: [{ person: child, lineage: new Map() }] }),
    });
    const answer = await personregisterOver(preg).children(oldest, caller);
    const children = answer.outcome === 'found' ? answer.children.map(({ person }) => person) : [];
    expect(children.map(({ nin }) => nin)).to.deep.equal([current]);
    expect(children[0]?.addresses.map(({ st }) => st)).to.deep.equal([null]);
    expect(preg.operations).to.deep.equal(['GetChildren']);
  });

  it('are nobody’s where PREG knows no parent, and none where it knows none', async () => {
    const nobody = pregXmlOver({ children: () => Promise.resolve({ outcome: 'not-found' }) });
    expect(await personregisterOver(nobody).children(oldest, caller)).to.deep.equal({ outcome: 'not-found' });
    const none = pregXmlOver({ children: () => Promise.resolve({ outcome: 'found', children: [] }) });
    expect(await personregisterOver(none).children(oldest, caller)).to.deep.equal({
      outcome: 'found',
      children: [],
    });
  });
});
