import { expect } from 'chai';
import fc from 'fast-check';
import type { PregAddress, PregPerson } from '../../../../src/person/preg-person.js';
import { isProtected, ProtectedPostalType } from '../../../../src/person/protection.js';
import type { LookupAnswer } from '../../../../src/registry/person-registry.js';
import { callerBy, pregHl7v3Over } from '../../../support/fake-preg.js';
import { runs } from '../../../support/long-runs.js';
import { found } from '../../../support/person-service.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { hl7v3RegistryOver } from '../../../support/preg-registries.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';
import { toldFields } from '../../../support/told-fields.js';

const maybe = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(values, { nil: null });
const word = fc.constantFrom('A', 'ÆREKJÆR', 'ČÁPPA', '<b>&amp;]]>', 'O’MYR', '0012', '𝒜', 'e\u0301');
/** Words with one blank in between, as names and lines have them. */
const text = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '));
const maybeText = maybe(text);
const maybeDay = maybe(fc.constantFrom(dayIn('1854-01-01'), dayIn('1950-12-31'), dayIn('2024-02-29')));
/** One of somebody else than the person and the others. */
const numberFrom = (index: number): fc.Arbitrary<string> =>
  fc.nat({ max: 9 }).map((more) => syntheticNumber(index + more));

const place = fc.oneof(
  fc.record({ st: fc.constantFrom('0301', '5001'), municipality: fc.constant(null) }),
  fc.record({ st: fc.constant(null), municipality: maybe(fc.constantFrom('KARASJOK', 'NORDRE FOLLO')) }),
);

const mailing = fc.record({
  lines: fc.array(text, { minLength: 1, maxLength: 4 }),
  postalCode: maybe(fc.constantFrom('0484', '9990')),
  postalPlace: maybeText,
  countryCode: maybe(fc.constantFrom('SWE', 'POL')),
  isForeignStay: fc.boolean(),
});

const residence: fc.Arbitrary<PregAddress> = fc
  .tuple(
    place,
    fc.record({
      source: fc.constantFrom('residential' as const, 'present' as const),
      postalAddress: text,
      postalCode: maybe(fc.constantFrom('0484', '9990')),
      postalPlace: maybeText,
      streetName: maybeText,
      houseNumber: maybe(fc.nat({ max: 9999 })),
      houseLetter: maybe(fc.constantFrom('A', 'Å')),
      apartmentNumber: maybe(fc.constant('H0203')),
      coAddress: maybeText,
      countryCode: maybe(fc.constantFrom('NOR', 'SWE')),
      mailing: maybe(mailing),
    }),
  )
  .map(([where, known]) => pregAddress({ ...where, ...known }));

const mailAlone = mailing.map((one) => pregAddress({ mailing: one }));

const person: fc.Arbitrary<PregPerson> = fc
  .record({
    addresses: fc.oneof(
      fc.array(residence, { maxLength: 2 }),
      mailAlone.map((one) => [one]),
    ),
    givenName: maybeText,
    middleName: maybeText,
    sn: text,
    dateName: maybeDay,
    gender: fc.constantFrom('F' as const, 'M' as const, null),
    dateOfBirth: maybeDay,
    death: fc.constantFrom(
      { deceased: null, dateOfDeath: null },
      { deceased: false, dateOfDeath: null },
      { deceased: true, dateOfDeath: null },
      { deceased: true, dateOfDeath: dayIn('2020-02-29') },
    ),
    maritalStatus: maybe(fc.nat({ max: 9 })),
    citizenships: fc.subarray(['NOR', 'SWE', 'POL']),
    dufNo: maybe(fc.constant('209900000417')),
    mothersNIN: maybe(numberFrom(10)),
    fathersNIN: maybe(numberFrom(20)),
    spouseNIN: maybe(numberFrom(30)),
    childrensNINs: fc.subarray([syntheticNumber(40), syntheticNumber(41)]),
    supersededNINs: fc.subarray([syntheticNumber(50), syntheticNumber(51)]),
    alternativeNINs: fc.subarray([syntheticNumber(60), syntheticNumber(61)]),
    telecoms: fc.subarray([
      { value: 'tel:+4799999999', use: 'MC' },
      { value: 'mailto:prove@example.invalid', use: null },
    ]),
    foreignIds: fc.subarray([{ root: '2.16.840.1.113883.4.330.616', extension: 'AB 12' }]),
  })
  .map(({ death, ...known }) => pregPerson({ ...known, ...death }));

async function roundTrip(someone: PregPerson): Promise<LookupAnswer & { readonly outcome: 'found' }> {
  const preg = pregHl7v3Over({ lookup: () => Promise.resolve(found(someone)) });
  const answer = await hl7v3RegistryOver(preg).lookup({ id: someone.nin }, callerBy('hl7v3'));
  if (answer.outcome !== 'found') throw new Error('nobody was found');
  return answer;
}

describe('anybody whom PREG tells of by HL7 v3', function () {
  this.timeout(20_000);

  it('is read back as the same person in all that the message has a place for', async () => {
    await fc.assert(
      fc.asyncProperty(person, async (someone) => {
        const { person: read, lineage } = await roundTrip(someone);
        expect(toldFields(read, lineage)).to.deep.equal(toldFields(someone, lineage));
        const places = ({ addresses }: PregPerson): readonly unknown[] =>
          addresses.map(({ source, mailing: mail }) => ({ source, mail }));
        expect(places(read)).to.deep.equal(places(someone));
        expect([...lineage.keys()]).to.include.members(['nin', 'sn', 'dateOfBirth', 'supersededNINs']);
      }),
      { numRuns: runs(150) },
    );
  });

  it('names in the lineage what is blank, and why', async () => {
    await fc.assert(
      fc.asyncProperty(person, async (someone) => {
        const { person: read, lineage } = await roundTrip(someone);
        const blanks = Object.entries(toldFields(read, lineage))
          .filter(([, value]) => value === null || (Array.isArray(value) && value.length === 0))
          .map(([at]) => at);
        const saidBlank = [...lineage].filter(([, origin]) => origin.blank !== undefined).map(([at]) => at);
        expect(saidBlank).to.have.members(blanks);
      }),
      { numRuns: runs(50) },
    );
  });

  it('has one address that says no more than how it is protected, with any protected code', async () => {
    const protectedPerson = fc.tuple(person, residence, fc.constantFrom(4, 6, 7));
    await fc.assert(
      fc.asyncProperty(protectedPerson, async ([someone, home, postalType]) => {
        const { person: read } = await roundTrip({ ...someone, addresses: [{ ...home, postalType }] });
        const [address, ...more] = read.addresses;
        expect(more).to.deep.equal([]);
        const code = address?.postalType ?? null;
        expect(isProtected(code)).to.equal(true);
        expect(code === ProtectedPostalType.StrictlyConfidential).to.equal(postalType === 6);
        const postalAddress = address?.postalAddress ?? null;
        expect(postalAddress).to.match(/^Sperret /);
        const nothingElse = pregAddress({ nin: someone.nin, postalType: code, postalAddress });
        expect(address).to.deep.equal(nothingElse);
        expect(read.telecoms).to.deep.equal([]);
      }),
      { numRuns: runs(50) },
    );
  });
});
