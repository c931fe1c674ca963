import { expect } from 'chai';
import { informationPartsFor, type Fill } from '../../src/mapping/information-parts.js';
import { fieldGroups, type FieldGroup } from '../../src/person/field-groups.js';
import { mappings } from '../support/person-documents.js';

function partsOf(fill: Fill, ...visible: FieldGroup[]): readonly string[] {
  return informationPartsFor(mappings.fields, new Set(visible), fill);
}

const NUMBERS = 'NorwegianIdentificationNumber';

describe('the information parts asked for are minimal', () => {
  const expected: Readonly<Record<FieldGroup, readonly string[]>> = {
    identity: ['ImmigrationAuthoritiesIdentificationNumber', NUMBERS],
    names: ['Name', NUMBERS],
    birth: ['Birth', NUMBERS],
    gender: ['Gender', NUMBERS],
    status: ['Death', 'EmigrationFromNorway', NUMBERS, 'Status'],
    'civil-status': ['MaritalStatus', NUMBERS],
    family: ['FamilyRelation', 'MaritalStatus', NUMBERS],
    addresses: [
      'AddressProtection',
      'ForeignPostalAddress',
      NUMBERS,
      'PostalAddress',
      'PresentAddress',
      'ResidentialAddress',
      'SharedResidence',
      'StayOnSvalbard',
    ],
    citizenship: [NUMBERS],
    custody: ['Birth', NUMBERS, 'ParentalResponsibility'],
    'legal-capacity': ['DeprivedLegalAuthority', 'LegalAuthority', NUMBERS],
    permits: [NUMBERS],
  };

  for (const group of fieldGroups) {
    it(`for ${group} alone`, () => {
      expect(partsOf('faithful', group)).to.deep.equal(expected[group]);
    });
  }

  it('for nothing at all are the numbers, which every answer is checked against', () => {
    expect(partsOf('faithful')).to.deep.equal([NUMBERS]);
  });

  it('for everything are those of the groups, sorted and each once', () => {
    const all = [...new Set(fieldGroups.flatMap((group) => expected[group]))].sort();
    expect(partsOf('faithful', ...fieldGroups)).to.deep.equal(all);
  });

  it('have two more under rich fill', () => {
    expect(partsOf('rich', 'citizenship')).to.deep.equal(['Citizenship', NUMBERS]);
    expect(partsOf('rich', 'permits')).to.deep.equal([NUMBERS, 'ResidencePermit']);
    expect(partsOf('rich', ...fieldGroups)).to.have.length(partsOf('faithful', ...fieldGroups).length + 2);
  });

  it('are never all, nor any that PREG has no field for', () => {
    const parts = partsOf('rich', ...fieldGroups);
    expect(parts.length).to.be.lessThan(35);
    expect(parts).not.to.include.members(['CommonContactRegisterInformation']);
    for (const part of ['FalseIdentity', 'IdentificationDocument', 'GuardianshipOrFuturePowerOfAttorney'])
      expect(parts).not.to.include(part);
  });
});
