import { expect } from 'chai';
import fc from 'fast-check';
import { versions } from '../../../../src/legacy/hl7v2/message/header.js';
import { PersonSegments } from '../../../../src/legacy/hl7v2/person/person-segments.js';
import { fieldGroups } from '../../../../src/person/field-groups.js';
import type { PregAddress, PregPerson } from '../../../../src/person/preg-person.js';
import { fieldOf, hl7v2Codes, lineOf } from '../../../support/hl7v2-segments.js';
import { runs } from '../../../support/long-runs.js';
import { pregAddress, pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const maybeText = fc.option(fc.constantFrom('', ' ', 'A', 'STORGATA 1', 'C/O X'), { nil: null });
const number = fc.nat({ max: 50 }).map((index) => syntheticNumber(index));
const relative = fc.option(fc.oneof(number, fc.constantFrom('', 'X')), { nil: null });

const address: fc.Arbitrary<PregAddress> = fc
  .record({
    postalType: fc.option(fc.nat({ max: 8 }), { nil: null }),
    source: fc.constantFrom('residential' as const, 'present' as const, null),
    currentAddress: fc.boolean(),
    postalAddress: maybeText,
    postalPlace: maybeText,
    streetName: maybeText,
    coAddress: maybeText,
    st: maybeText,
    countryCode: maybeText,
    mailing: fc.option(
      fc.record({
        lines: fc.array(fc.constantFrom('', 'C/O X', 'VEIEN 1'), { maxLength: 3 }),
        postalCode: maybeText,
        postalPlace: maybeText,
        countryCode: maybeText,
        isForeignStay: fc.boolean(),
      }),
      { nil: null },
    ),
  })
  .map((known) => pregAddress(known));

const person: fc.Arbitrary<PregPerson> = fc
  .record({
    nin: number,
    addresses: fc.array(address, { maxLength: 3 }),
    sn: maybeText,
    givenName: maybeText,
    gender: fc.constantFrom('F' as const, 'M' as const, null),
    deceased: fc.constantFrom(true, false, null),
    maritalStatus: fc.option(fc.integer({ min: -1, max: 99 }), { nil: null }),
    mothersNIN: relative,
    fathersNIN: relative,
    spouseNIN: relative,
    childrensNINs: fc.array(fc.oneof(number, fc.constant('X')), { maxLength: 3 }),
    supersededNINs: fc.array(number, { maxLength: 2 }),
    citizenships: fc.array(fc.constantFrom('NOR', '', ' '), { maxLength: 2 }),
  })
  .map((known) => pregPerson(known));

describe('any person in segments of HL7 v2', () => {
  it('has one PID, then PD1 when protected, then relatives counted from 1, in every version', () => {
    fc.assert(
      fc.property(person, fc.constantFrom(...versions), (someone, version) => {
        const segments = new PersonSegments(hl7v2Codes()).of(someone, {
          version,
          visible: new Set(fieldGroups),
        });
        const lines = segments.map(lineOf);
        const isProtected = someone.addresses.some(({ postalType }) => [4, 6, 7].includes(postalType ?? 0));
        const names = lines.map((line) => line.slice(0, 3));
        const kin = lines.filter((line) => line.startsWith('NK1'));
        expect(names).to.deep.equal(['PID', ...(isProtected ? ['PD1'] : []), ...kin.map(() => 'NK1')]);
        expect(kin.map((line) => fieldOf(line, 1))).to.deep.equal(kin.map((_, index) => String(index + 1)));
        expect(fieldOf(lines[0] ?? '', 3).startsWith(someone.nin)).to.equal(true);
        if (isProtected) expect(fieldOf(lines[0] ?? '', 11)).to.equal('');
        // Nothing empty at the end of a field, a repetition or a component.
        for (const line of lines) expect(line).to.not.match(/[~^&](?=[|]|$)|&(?=[\^~])|\^(?=~)/);
      }),
      { numRuns: runs(300) },
    );
  });
});
