import { expect } from 'chai';
import { Hl7v2Codes } from '../../../src/legacy/hl7v2/codes.js';
import { mappings } from '../../support/person-documents.js';
import { hl7v2Codes } from '../../support/hl7v2-segments.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const root = '2.16.578.1.12.4.1.4';
const numbers = [
  ['national identity number', syntheticNumber(), 1, 'NNNOR', 'FNR'],
  ['D-number', `4${syntheticNumber().slice(1)}`, 2, 'NNNOR', 'DNR'],
  ['help number', `9${syntheticNumber().slice(1)}`, 3, 'FHN', 'FHN'],
  ['DUF number', '209900000417', 5, 'DUF', 'DUF'],
] as const;

describe('the codes of HL7 v2', () => {
  for (const [kind, number, place, hl7, volven] of numbers) {
    it(`tell domain and type of a ${kind}`, () => {
      const domain = `${root}.${place}`;
      expect(hl7v2Codes('hl7').kindOf(number)).to.deep.equal({ domain, type: hl7 });
      expect(hl7v2Codes('volven').kindOf(number)).to.deep.equal({ domain, type: volven });
    });
  }

  it('tell nothing of what is no number', () => {
    expect(hl7v2Codes().kindOf('AB1')).to.equal(undefined);
  });

  it('know the domains of person numbers', () => {
    const isKnown = [1, 2, 3, 4, 5].map((place) => hl7v2Codes().isPersonNumberDomain(`${root}.${place}`));
    expect(isKnown).to.deep.equal([true, true, true, false, false]);
    expect(hl7v2Codes().domains).to.deep.equal([1, 2, 3, 5].map((place) => `${root}.${place}`));
  });

  it('know what peers call the domains', () => {
    const codes = hl7v2Codes();
    expect(codes.domainsNamed('dnr')).to.deep.equal([`${root}.2`]);
    expect(codes.domainsNamed('FOLKEREG')).to.deep.equal(codes.domains);
    for (const name of ['HNR', 'MR', '', 'constructor'])
      expect(codes.domainsNamed(name), name).to.deep.equal([]);
    expect(['PI', 'ni', 'FNR', 'NNNOR', 'MR'].map((name) => codes.isVague(name))).to.deep.equal([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('have one for every relative, kind of address and protected address code', () => {
    const codes = hl7v2Codes();
    const relatives = (['mother', 'father', 'spouse', 'child'] as const).map((one) => codes.relation(one));
    expect(relatives).to.deep.equal(['MTH', 'FTH', 'SPO', 'CHD']);
    const kinds = (['residential', 'present', 'mailing', 'foreign-stay'] as const).map((one) =>
      codes.addressKind(one),
    );
    expect(kinds).to.deep.equal(['L', 'C', 'M', 'H']);
    expect([4, 6, 7, 0, 5].map((code) => codes.protection(code))).to.deep.equal([
      'Y',
      'Y',
      'Y',
      undefined,
      undefined,
    ]);
  });

  it('cannot be had without their tables', () => {
    const tables = new Map([...mappings.codes].filter(([name]) => name !== 'address-kind'));
    expect(() => new Hl7v2Codes(tables, 'hl7')).to.throw('mappings/codes/address-kind.yaml is missing');
  });
});
