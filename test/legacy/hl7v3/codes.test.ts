import { expect } from 'chai';
import { Hl7v3Codes } from '../../../src/legacy/hl7v3/codes.js';
import { codes, codeTables } from '../../support/hl7v3-message.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

describe('codes of HL7 v3', () => {
  const roots: readonly (readonly [what: string, number: string, root: string | undefined])[] = [
    ['a national identity number', syntheticNumber(), '2.16.578.1.12.4.1.4.1'],
    ['a D-number', '53818840132', '2.16.578.1.12.4.1.4.2'],
    ['a help number of the 8 series', '80000041770', '2.16.578.1.12.4.1.4.3'],
    ['a help number of the 9 series', '90000000000', '2.16.578.1.12.4.1.4.3'],
    ['a DUF number', '209900000417', '2.16.578.1.12.4.1.4.5'],
    ['ten digits', '1234567890', undefined],
    ['thirteen digits', '1234567890123', undefined],
    ['text', 'PASS', undefined],
    ['nothing', '', undefined],
  ];
  for (const [what, number, root] of roots) {
    it(`${root === undefined ? 'know no root' : `know the root ${root}`} for ${what}`, () => {
      expect(codes.rootOf(number)).to.equal(root);
    });
  }

  it('tell the numbers that say who a person is from numbers of other authorities', () => {
    const personal = ['1', '2', '3', '4', '5'].map((end) =>
      codes.isPersonNumberRoot(`2.16.578.1.12.4.1.4.${end}`),
    );
    expect(personal).to.deep.equal([true, true, true, false, false]);
    expect(codes.isPersonNumberRoot('2.16.840.1.113883.4.330.616')).to.equal(false);
  });

  it('read gender in the list of HL7 and in the Norwegian one', () => {
    const volven = '2.16.578.1.12.4.1.1.3101';
    const read = ['M', 'F', 'UN', '1', '0', 'm'].map((code) => codes.genderFor(code, undefined));
    expect(read).to.deep.equal(['M', 'F', null, undefined, undefined, undefined]);
    const readVolven = ['1', '2', '0', '9', '3', 'M'].map((code) => codes.genderFor(code, volven));
    expect(readVolven).to.deep.equal(['M', 'F', null, null, undefined, undefined]);
  });

  it('translate marital status into the list of HL7 where it has a code for it', () => {
    const translations = Array.from({ length: 10 }, (_, code) => codes.maritalStatus(code)?.hl7v3);
    expect(translations).to.deep.equal([undefined, 'S', 'M', 'W', 'D', 'L', 'T', 'L', 'D', 'W']);
    expect(codes.maritalStatus(2)?.text).to.equal('Gift');
    expect(codes.maritalStatus(10)).to.equal(undefined);
  });

  it('name the role of each relation', () => {
    const roles = (['mother', 'father', 'spouse', 'child'] as const).map((relation) => {
      const display = codes.relation(relation);
      return `${display?.hl7v3 ?? ''} ${display?.hl7v3Text ?? ''}`;
    });
    expect(roles).to.deep.equal(['MTH mother', 'FTH father', 'SPS spouse', 'CHILD child']);
  });

  it('call protected addresses restricted, strictly confidential ones very restricted, and others nothing', () => {
    const confidentiality = Array.from({ length: 9 }, (_, postalType) => codes.confidentiality(postalType));
    expect(confidentiality).to.deep.equal([
      ...[undefined, undefined, undefined, undefined],
      ...['R', undefined, 'V', 'R', undefined],
    ]);
  });

  it('call a number that is out of use obsolete', () => {
    expect([codes.idState(true), codes.idState(false)]).to.deep.equal(['obsolete', 'active']);
  });

  it('name a table that is missing', () => {
    const tables = new Map([...codeTables].filter(([name]) => name !== 'marital-status'));
    expect(() => new Hl7v3Codes(tables)).to.throw('mappings/codes/marital-status.yaml is missing');
  });
});
