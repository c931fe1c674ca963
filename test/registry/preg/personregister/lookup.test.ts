import { expect } from 'chai';
import type { LookupAnswer } from '../../../../src/registry/person-registry.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import { PregRejected } from '../../../../src/errors/errors.js';
import { callerBy, FakePreg, pregXmlOver } from '../../../support/fake-preg.js';
import { found } from '../../../support/person-service.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { personregisterOver } from '../../../support/preg-registries.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const nin = syntheticNumber(0);
const other = syntheticNumber(1);
const caller = callerBy('preg-xml', 'GetPerson');

/** A PREG that sends that content in GetPersonResult, whatever it is asked. */
function tellingPerson(content: string, attributes = ''): FakePreg {
  return new FakePreg(({ operation }) =>
    operation === 'GetPerson'
      ? `<GetPersonResponse xmlns="http://register.nhn.no/PR"><GetPersonResult xmlns:i="http://www.w3.org/2001/XMLSchema-instance" ${attributes}>${content}</GetPersonResult></GetPersonResponse>`
      : `<${operation}Response xmlns="http://register.nhn.no/PR"/>`,
  );
}

function personIn(answer: LookupAnswer): PregPerson {
  if (answer.outcome !== 'found') throw new Error('nobody was found');
  return answer.person;
}

describe('a lookup in PREG by Personregister-XML', () => {
  it('asks GetPerson for the number and tells what PREG tells', async () => {
    const person = pregPerson({ nin, sn: 'PRØVESEN', givenName: 'KARI', dateOfBirth: dayIn('1950-12-31') });
    const preg = pregXmlOver({ lookup: () => Promise.resolve(found(person)) });
    const answer = await personregisterOver(preg).lookup({ id: nin }, caller);
    expect(personIn(answer)).to.include({
      nin,
      sn: 'PRØVESEN',
      givenName: 'KARI',
      dateOfBirth: '1950-12-31',
    });
    expect(preg.operations).to.deep.equal(['GetPerson']);
    expect(preg.callers).to.deep.equal([caller]);
  });

  it('finds nobody where PREG answers nil', async () => {
    const preg = pregXmlOver({ lookup: () => Promise.resolve({ outcome: 'not-found' }) });
    expect(await personregisterOver(preg).lookup({ id: nin }, caller)).to.deep.equal({
      outcome: 'not-found',
    });
  });

  it('never gives a record that does not name the number asked for', async () => {
    const preg = tellingPerson(`<NIN>${other}</NIN><Sn>PRØVESEN</Sn>`);
    const refusal = await rejectionOf(personregisterOver(preg).lookup({ id: nin }, caller));
    expect(refusal).to.be.instanceOf(PregRejected).and.include({ problem: 'wrong-answer' });
    expect(String(refusal)).not.to.contain(other);
  });

  it('never gives a record without a number, which is not nobody either', async () => {
    const preg = tellingPerson('<Sn>PRØVESEN</Sn>');
    const refusal = await rejectionOf(personregisterOver(preg).lookup({ id: nin }, caller));
    expect(refusal).to.be.instanceOf(PregRejected);
  });

  it('takes elements that nobody knows, blanks in place of nil, and members that are missing', async () => {
    const preg = tellingPerson(
      `<Addresses><Address><CurrentAddress>true</CurrentAddress><HouseNumber/><DateAdrFrom> </DateAdrFrom><St>0301</St></Address></Addresses>` +
        `<DateOfBirth>0001-01-01T00:00:00</DateOfBirth><Extra><NIN>${other}</NIN></Extra><MaritalStatus></MaritalStatus><NIN>${nin}</NIN>` +
        `<Sn></Sn>`,
    );
    const person = personIn(await personregisterOver(preg).lookup({ id: nin }, caller));
    expect(person).to.include({ nin, sn: null, maritalStatus: null, dateOfBirth: null });
    expect(person.addresses).to.have.length(1);
    expect(person.addresses[0]).to.include({ st: '0301', houseNumber: null, dateAdrFrom: null, nin });
  });

  for (const [what, text] of [
    ['another element', '<GetPersonsResponse xmlns="http://register.nhn.no/PR"/>'],
    [
      'a value that is none',
      `<GetPersonResponse xmlns="http://register.nhn.no/PR"><GetPersonResult><NIN>${nin}</NIN><RegStatus>levende</RegStatus></GetPersonResult></GetPersonResponse>`,
    ],
  ] as const) {
    it(`refuses an answer with ${what}`, async () => {
      const refusal = await rejectionOf(
        personregisterOver(new FakePreg(() => text)).lookup({ id: nin }, caller),
      );
      expect(refusal).to.be.instanceOf(PregRejected).and.include({ problem: 'wrong-answer' });
      expect(String(refusal)).not.to.contain('levende');
    });
  }

  it('tells of the current address alone unless all are wanted', async () => {
    const current = pregAddress({ nin, st: '0301', dateAdrFrom: dayIn('2020-02-29') });
    const former = pregAddress({ nin, st: '4601', currentAddress: false, dateAdrFrom: dayIn('2001-01-01') });
    const older = pregAddress({ nin, st: '1103', currentAddress: false, dateAdrFrom: dayIn('1990-01-01') });
    const preg = pregXmlOver({
      lookup: () => Promise.resolve(found(pregPerson({ nin, addresses: [older, former, current] }))),
    });
    const registry = personregisterOver(preg);
    const one = personIn(await registry.lookup({ id: nin }, caller));
    const all = personIn(await registry.lookup({ id: nin, addresses: 'all' }, caller));
    expect(one.addresses.map(({ st }) => st)).to.deep.equal(['0301']);
    expect(all.addresses.map(({ st }) => st)).to.deep.equal(['0301', '4601', '1103']);
    expect(preg.operations).to.deep.equal(['GetPerson', 'GetPerson', 'GetAddresses']);
  });

  it('never tells of an address that says it is somebody else’s', async () => {
    const mine = pregPerson({ nin, addresses: [pregAddress({ nin })] });
    const theirs = pregPerson({ nin, addresses: [pregAddress({ nin: other, st: '0301' })] });
    const preg = pregXmlOver({
      lookup: ({ addresses }) => Promise.resolve(found(addresses === 'all' ? theirs : mine)),
    });
    const refusal = await rejectionOf(personregisterOver(preg).lookup({ id: nin, addresses: 'all' }, caller));
    expect(refusal).to.be.instanceOf(PregRejected);
  });

  it('hides everything where one of all addresses is hidden, though none of the current ones is', async () => {
    const open = pregAddress({ nin, st: '0301' });
    const hidden = pregAddress({ nin, st: '4601', postalType: 4, currentAddress: false });
    const preg = pregXmlOver({
      lookup: ({ addresses }) =>
        Promise.resolve(found(pregPerson({ nin, addresses: addresses === 'all' ? [open, hidden] : [open] }))),
    });
    const person = personIn(await personregisterOver(preg).lookup({ id: nin, addresses: 'all' }, caller));
    expect(person.addresses.map(({ st, postalType }) => [st, postalType])).to.deep.equal([[null, 4]]);
  });
});
