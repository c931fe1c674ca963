import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/config/package-root.js';
import type { PregPerson } from '../../../src/person/preg-person.js';
import { ProtectedPostalType, protectionOf } from '../../../src/person/protection.js';
import type { Difference } from '../../../src/sandbox/preg/difference.js';
import { differenceNames, differences, type DifferenceName } from '../../../src/sandbox/preg/differences.js';
import { SECRET_STREET } from '../../../src/sandbox/preg/other-protection.js';
import { dayIn, pregAddress, pregPerson } from '../../support/preg-person.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const nin = syntheticNumber(1);
const mothersNIN = syntheticNumber(2);
const fathersNIN = syntheticNumber(3);

const home = pregAddress({
  nin,
  postalType: 0,
  streetName: 'ÅRSTADVEIEN',
  streetNumber: '00120',
  houseNumber: 12,
  houseLetter: 'B',
  apartmentNumber: 'H0201',
  postalAddress: 'ÅRSTADVEIEN 12 B',
  postalCode: '5009',
  postalPlace: 'BERGEN',
  st: '4601',
  dateAdrFrom: dayIn('2019-03-01'),
  source: 'residential',
});

/** Somebody who can differ in everything but protection and status. */
const somebody = pregPerson({
  nin,
  mothersNIN,
  fathersNIN,
  givenName: 'ANNE-LISE KARI',
  middleName: 'BJØRG',
  sn: 'ÅSEN',
  dateName: dayIn('2020-02-02'),
  dateOfBirth: dayIn('1980-02-28'),
  maritalStatus: 2,
  dateMaritalStatus: dayIn('2012-02-29'),
  spouseNIN: syntheticNumber(4),
  regStatus: 1,
  dateStatus: dayIn('1990-01-01'),
  deceased: false,
  childrensNINs: [syntheticNumber(5), syntheticNumber(6)],
  oldNIN: syntheticNumber(7),
  supersededNINs: [syntheticNumber(7)],
  datesSuperseded: [dayIn('2001-01-01')],
  addresses: [home],
});

const masked = pregAddress({
  nin,
  postalType: ProtectedPostalType.StrictlyConfidential,
  postalAddress: 'Sperret adresse',
});

const others: Partial<Record<DifferenceName, PregPerson>> = {
  'open-in-preg': { ...somebody, addresses: [masked] },
  'former-status': {
    ...somebody,
    regStatus: 5,
    dateStatus: dayIn('2024-05-05'),
    deceased: true,
    dateOfDeath: dayIn('2024-05-05'),
  },
  'cut-text': { ...somebody, sn: 'N'.repeat(51) },
};

function toldOf(name: DifferenceName, person = others[name] ?? somebody): PregPerson {
  const difference: Difference = differences[name];
  const told = difference.of(person);
  if (told === undefined || told === 'nobody') throw new Error(`${name} cannot be of that person`);
  return told;
}

describe('the differences of the sandbox’s PREG', () => {
  for (const name of differenceNames.filter((one) => one !== 'missing')) {
    it(`tell of the same person otherwise: ${name}`, () => {
      const person = others[name] ?? somebody;
      const told = toldOf(name);
      expect(told).to.not.deep.equal(person);
      expect(told.nin).to.equal(person.nin);
      expect(Object.keys(told)).to.have.members(Object.keys(person));
    });
  }

  it('are not of a person of whom nothing is known, but for what PREG alone knew', () => {
    const blank = pregPerson({ nin });
    const possible = differenceNames.filter((name) => {
      const difference: Difference = differences[name];
      return difference.of(blank) !== undefined;
    });
    expect(possible).to.deep.equal(['noise', 'only-preg-knows', 'missing']);
  });

  it('are in docs/sandbox.md, with what a comparison should make of them', () => {
    const page = readFileSync(join(packageRoot(), 'docs', 'sandbox.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \|.*\| (equal|expected|unexplained)\b/gm)];
    expect(rows.map(([, name, expectation]) => [name, expectation])).to.deep.equal(
      differenceNames.map((name) => [name, differences[name].expectation]),
    );
  });

  it('leave nobody where the number is missing', () => {
    expect(differences.missing.of()).to.equal('nobody');
  });

  it('write in small letters and in another order, or spell and abbreviate as people do', () => {
    const noise = toldOf('noise');
    expect([noise.givenName, noise.middleName, noise.sn]).to.deep.equal(['Anne-Lise  Kari', 'Bjørg', 'Åsen']);
    expect(noise.childrensNINs).to.deep.equal(somebody.childrensNINs.toReversed());
    expect(noise.addresses[0]?.streetNumber).to.equal('120');
    const { givenName, middleName, sn } = toldOf('spelling');
    expect([givenName, middleName, sn]).to.deep.equal(['ANNE LISE KARI', 'BJOERG', 'AASEN']);
    const [abbreviated] = toldOf('abbreviation').addresses;
    expect([abbreviated?.streetName, abbreviated?.postalAddress]).to.deep.equal([
      'ÅRSTADVN.',
      'ÅRSTADVN. 12 B',
    ]);
  });

  it('date what was before earlier than what is', () => {
    const earlier: readonly [DifferenceName, (person: PregPerson) => string | null | undefined][] = [
      ['former-name', ({ dateName }) => dateName],
      ['former-address', ({ addresses }) => addresses[0]?.dateAdrFrom],
      ['former-status', ({ dateStatus }) => dateStatus],
      ['former-marital-status', ({ dateMaritalStatus }) => dateMaritalStatus],
    ];
    for (const [name, dateOf] of earlier) {
      const before = dateOf(toldOf(name)) ?? '9999';
      expect(before < (dateOf(others[name] ?? somebody) ?? ''), name).to.equal(true);
    }
  });

  it('keep the record of a number that gave way together with the number in its place', () => {
    const old = { ...somebody, newNIN: syntheticNumber(8) };
    expect(differences['former-numbers'].of(old)).to.equal(undefined);
  });

  it('show nothing of who is hidden by PREG alone', () => {
    const told = toldOf('protected-in-preg');
    expect(protectionOf(told)).to.equal(ProtectedPostalType.Confidential);
    expect(told.addresses).to.have.length(1);
    expect(told.dateRegistered).to.equal(null);
    for (const part of ['ÅRSTAD', 'BERGEN', '5009', '4601', 'H0201', '2019-03-01']) {
      expect(JSON.stringify(told.addresses), part).to.not.contain(part);
    }
  });

  it('show a made-up street of who is hidden today', () => {
    const told = toldOf('open-in-preg');
    expect(protectionOf(told)).to.equal(null);
    expect(told.addresses[0]?.streetName).to.equal(SECRET_STREET);
    expect(differences['open-in-preg'].of(somebody)).to.equal(undefined);
    expect(differences['protected-in-preg'].of({ ...somebody, addresses: [masked] })).to.equal(undefined);
  });

  it('add to a protected person what PREG alone knew, but nothing about where they are', () => {
    const told = toldOf('only-preg-knows', { ...somebody, addresses: [masked] });
    expect(told.dateCustody).to.equal('2009-05-04');
    expect(told.addresses).to.deep.equal([masked]);
    expect(toldOf('only-preg-knows').addresses[0]?.constituency).to.equal('0007');
  });
});
