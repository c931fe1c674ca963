import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { JsonObject } from '../../src/mapping/json.js';
import { parseUpstreamEnums } from '../../src/mapping/upstream-enums.js';
import {
  mapped,
  mappingFolder,
  mappings,
  OWN_NUMBER,
  element,
  person,
  residence,
} from '../support/person-documents.js';

/** The 28 elements of PREG's Person, in the contract's spelling (preg-xml-filematch-hl7v2 1.5). */
const PERSON = [
  'Addresses',
  'Citizenship',
  'CitizenshipCode',
  'Custody',
  'DateCitizenship',
  'DateCustody',
  'DateMaritalStatus',
  'DateOfBirth',
  'DateParentalResponsibility',
  'DateStatus',
  'DateWithoutLegalCapacity',
  'DateWorkPermit',
  'DufNo',
  'FathersNIN',
  'GivenName',
  'MaritalStatus',
  'MiddleName',
  'MothersNIN',
  'NIN',
  'NewNIN',
  'OldNIN',
  'ParentalResponsibility',
  'RegStatus',
  'Sn',
  'SpouseNIN',
  'StatusCountryCode',
  'WithoutLegalCapacity',
  'WorkPermit',
];

/** The 30 elements of PREG's Address (1.6). */
const ADDRESS = [
  'AddressLine1',
  'AddressLine2',
  'AddressLine3',
  'ApartmentNumber',
  'BasicStatisticalUnit',
  'CadastralNumber',
  'CoAddress',
  'Constituency',
  'Country',
  'CurrentAddress',
  'DateAdrFrom',
  'DatePostalType',
  'DistrictCode',
  'DistrictName',
  'HouseLetter',
  'HouseNumber',
  'Municipality',
  'NIN',
  'PostalAddress',
  'PostalAddressValidFrom',
  'PostalCode',
  'PostalPlace',
  'PostalType',
  'PropertyNumber',
  'SchoolDistrict',
  'St',
  'StreetName',
  'StreetNumber',
  'XCoord',
  'YCoord',
];

function camelCase(element: string): string {
  const capitals = /^(NIN$|[A-Z](?=[a-z]|[A-Z][a-z]))/.exec(element)?.[0] ?? '';
  return capitals.toLowerCase() + element.slice(capitals.length);
}

describe('the field table is total', () => {
  const rows = new Map(mappings.fields.rows.map((row) => [row.target, row] as const));
  const enums = parseUpstreamEnums(readFileSync(`${mappingFolder}upstream-enums.yaml`, 'utf8'));

  it('has a row for every field of PREG’s person', () => {
    expect(PERSON).to.have.length(28);
    const targets = PERSON.filter((name) => name !== 'Addresses').map(camelCase);
    expect([...rows.keys()]).to.include.members(targets);
  });

  it('has a row for every field of PREG’s address', () => {
    expect(ADDRESS).to.have.length(30);
    expect([...rows.keys()]).to.include.members(ADDRESS.map((name) => `addresses.${camelCase(name)}`));
  });

  it('says why a field without source is blank', () => {
    const blank = [...rows.values()].flatMap(({ target, rule }) => ('noSource' in rule ? [target] : []));
    expect(blank).to.have.members([
      'parentalResponsibility',
      'dateParentalResponsibility',
      'foreignIds',
      'telecoms',
      'addresses.xCoord',
      'addresses.yCoord',
    ]);
  });

  it('asks for information parts that exist', () => {
    const parts = new Set([...rows.values()].flatMap((row) => row.parts));
    expect(enums.get('InformationPart')).to.have.length(35);
    expect(enums.get('InformationPart')).to.include.members([...parts]);
  });

  it('asks for the parts that its paths lead into', () => {
    for (const { target, parts, rule } of rows.values()) {
      if ('noSource' in rule) continue;
      for (const { steps } of rule.sources) {
        const [first] = steps;
        const name = first?.name ?? '';
        if (name === 'residence') expect(parts, target).to.include('ResidentialAddress');
        else if (name === 'mailing') expect(parts, target).to.include('PostalAddress');
        else expect(parts, target).to.include(name.charAt(0).toUpperCase() + name.slice(1));
      }
    }
  });

  describe('over the enumerations of the new API', () => {
    const documents: Readonly<Record<string, (member: string) => JsonObject>> = {
      PersonStatusType: (status) => ({ status: [element({ status })] }),
      MaritalStatusType: (status) => ({ maritalStatus: [element({ status })] }),
      Gender: (gender) => ({ gender: [element({ gender })] }),
      StayElsewhere: (stayElsewhere) => ({
        residentialAddress: [residence()],
        presentAddress: [element({ stayElsewhere })],
      }),
      AddressConfidentiality: (addressConfidentiality) => ({
        residentialAddress: [residence({ addressConfidentiality })],
      }),
      ParentalResponsibilityType: (responsibilityType) => ({
        birth: [element({ birthDate: '2020-01-01' })],
        parentalResponsibility: [element({ responsibilityType, subjectOfResponsibility: OWN_NUMBER })],
      }),
      FamilyRelationType: (relatedPersonsRole) => ({ familyRelation: [element({ relatedPersonsRole })] }),
      ResidencePermitType: (residencePermitType) => ({ residencePermit: [element({ residencePermitType })] }),
      LegalAuthorityScope: (legalAuthorityScope) => ({ legalAuthority: [element({ legalAuthorityScope })] }),
      NorwegianIdentificationNumberType: (identificationNumberType) => ({
        norwegianIdentificationNumber: [
          element({ identificationNumberType, identificationNumber: OWN_NUMBER }),
        ],
      }),
      IdentificationStatus: (status) => ({
        norwegianIdentificationNumber: [element({ status, identificationNumber: OWN_NUMBER })],
      }),
    };

    it('reads every enumeration that a table translates', () => {
      const translated = [...mappings.codes.values()].map(({ from }) => from);
      expect(Object.keys(documents)).to.have.members(translated.filter((from) => !from.startsWith('own:')));
    });

    for (const [name, documentWith] of Object.entries(documents)) {
      it(`knows every member of ${name} wherever the rows read it`, () => {
        for (const member of enums.get(name) ?? []) {
          expect(mapped(person(documentWith(member)), { fill: 'rich' }).unmapped, member).to.deep.equal([]);
        }
      });

      it(`reports a member of ${name} that nobody knows, and answers`, () => {
        const values = mapped(person(documentWith('BrandNew')), { fill: 'rich' }).unmapped.map(
          ({ value }) => value,
        );
        expect(values).to.deep.equal(['BrandNew']);
      });
    }
  });
});
