import type { Protocol } from '../../src/access/legacy-client.js';
import type { FieldGroup } from '../../src/person/field-groups.js';
import { contracts } from './preg-xml.js';

/** What is told of everybody, whatever the profile. */
export const alwaysTold: Readonly<Record<Protocol, readonly string[]>> = {
  hl7v3: ['id', 'statusCode', 'identifiedPerson', 'identifiedPerson/id'],
  // Everybody has an address there, of which nothing need be told.
  'preg-xml': ['NIN', 'Addresses', 'Addresses/NIN', 'Addresses/CurrentAddress'],
  hl7v2: ['PID-1', 'PID-3'],
  filematch: ['nin', 'idType', 'changeMask position 1', 'changeMask position 11'],
};

const addressType = contracts['2018'].types.get('Address');
const addressMembers =
  addressType?.kind === 'record' ? addressType.members.map(({ name }) => `Addresses/${name}`) : [];

/** What each group adds to that, in words of each protocol: found by reading the contracts, not the code. */
export const toldByGroup: Readonly<Record<FieldGroup, Readonly<Record<Protocol, readonly string[]>>>> = {
  identity: {
    hl7v3: ['identifiedPerson/asOtherIDs', 'identifiedBy'],
    'preg-xml': ['DufNo', 'NewNIN', 'OldNIN'],
    hl7v2: ['PID-3, further numbers'],
    filematch: ['oldNin'],
  },
  names: {
    hl7v3: ['identifiedPerson/name'],
    'preg-xml': ['GivenName', 'MiddleName', 'Sn'],
    hl7v2: ['PID-5'],
    filematch: [
      'surname',
      'givenName',
      'middleName',
      'changeMask position 2',
      'changeMask position 3',
      'changeMask position 4',
    ],
  },
  birth: {
    hl7v3: ['identifiedPerson/birthTime'],
    'preg-xml': ['DateOfBirth'],
    hl7v2: ['PID-7'],
    filematch: ['dateOfBirth', 'changeMask position 5'],
  },
  gender: {
    hl7v3: ['identifiedPerson/administrativeGenderCode'],
    'preg-xml': [],
    hl7v2: ['PID-8'],
    filematch: ['sex', 'changeMask position 6'],
  },
  status: {
    hl7v3: ['identifiedPerson/deceasedInd', 'identifiedPerson/deceasedTime'],
    'preg-xml': ['DateStatus', 'RegStatus', 'StatusCountryCode'],
    hl7v2: ['PID-29', 'PID-30'],
    filematch: ['regStatus', 'regStatusDate', 'statusCountry', 'changeMask position 10'],
  },
  'civil-status': {
    hl7v3: ['identifiedPerson/maritalStatusCode'],
    'preg-xml': ['DateMaritalStatus', 'MaritalStatus'],
    hl7v2: ['PID-16'],
    filematch: ['maritalStatus', 'maritalStatusDate'],
  },
  family: {
    hl7v3: ['MTH', 'FTH', 'SPS', 'CHILD'].map((code) => `identifiedPerson/personalRelationship (${code})`),
    'preg-xml': ['FathersNIN', 'MothersNIN', 'SpouseNIN'],
    hl7v2: ['PID-21', 'NK1 SPO', 'NK1 MTH', 'NK1 FTH', 'NK1 CHD'],
    filematch: ['spouseNin', 'mothersNin', 'fathersNin'],
  },
  addresses: {
    hl7v3: ['identifiedPerson/addr', 'confidentialityCode'],
    'preg-xml': addressMembers.filter((name) => !/NIN|CurrentAddress|Coord/.test(name)),
    hl7v2: ['PID-11', 'PID-33', 'PD1-12', 'PD1-13'],
    filematch: [
      ...[
        'postalType',
        'postalTypeDate',
        'coAddress',
        'postalAddress',
        'apartmentNumber',
        'postalCode',
        'postalPlace',
      ],
      ...['municipality', 'municipalityName', 'districtCode', 'addressFrom', 'addressLine1', 'addressLine2'],
      ...['addressLine3', 'postalCountry'],
      ...[7, 8, 9, 12].map((position) => `changeMask position ${position}`),
    ],
  },
  citizenship: {
    hl7v3: ['identifiedPerson/asCitizen'],
    'preg-xml': ['Citizenship', 'CitizenshipCode', 'DateCitizenship'],
    hl7v2: ['PID-26'],
    filematch: ['citizenship'],
  },
  custody: { hl7v3: [], 'preg-xml': ['Custody', 'DateCustody'], hl7v2: [], filematch: ['custody'] },
  'legal-capacity': {
    hl7v3: [],
    'preg-xml': ['DateWithoutLegalCapacity', 'WithoutLegalCapacity'],
    hl7v2: [],
    filematch: [],
  },
  permits: { hl7v3: [], 'preg-xml': ['DateWorkPermit', 'WorkPermit'], hl7v2: [], filematch: [] },
};
