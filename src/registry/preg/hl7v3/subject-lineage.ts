import type { FieldOrigin, Lineage } from '../../../person/lineage.js';
import { LineageOnDemand } from '../../../person/lineage-on-demand.js';
import type { PregAddress, PregPerson } from '../../../person/preg-person.js';

const NOTHING_TOLD = 'PREG tells nothing';

/** Where in the message each field of a person stands (preg-hl7v3 3.1 and 3.2). */
const personFields = {
  nin: 'id',
  dufNo: 'asOtherIDs',
  foreignIds: 'asOtherIDs',
  givenName: 'name.given',
  middleName: 'name.family[MID]',
  sn: 'name.family',
  dateName: 'name.validTime',
  telecoms: 'telecom',
  gender: 'administrativeGenderCode',
  dateOfBirth: 'birthTime',
  deceased: 'deceasedInd',
  dateOfDeath: 'deceasedTime',
  maritalStatus: 'maritalStatusCode',
  citizenships: 'asCitizen',
  mothersNIN: 'personalRelationship[MTH]',
  fathersNIN: 'personalRelationship[FTH]',
  spouseNIN: 'personalRelationship[SPS]',
  childrensNINs: 'personalRelationship[CHILD]',
} as const satisfies Partial<Record<keyof PregPerson, string>>;

/** Only the answer to GetDemographics has a place for other numbers. */
const linkedFields = {
  supersededNINs: 'identifiedBy',
  alternativeNINs: 'identifiedBy',
} as const satisfies Partial<Record<keyof PregPerson, string>>;

const addressFields = {
  postalAddress: 'streetAddressLine',
  postalCode: 'postalCode',
  postalPlace: 'city',
  streetName: 'streetName',
  houseNumber: 'houseNumber',
  houseLetter: 'buildingNumberSuffix',
  apartmentNumber: 'unitID',
  coAddress: 'careOf',
  countryCode: 'country',
} as const satisfies Partial<Record<keyof PregAddress, string>>;

/** Which fields a message of HL7 v3 told, and by which of its elements. */
export function subjectLineage(person: PregPerson, withLinkedNumbers: boolean): Lineage {
  return new LineageOnDemand(() => {
    const fields = { ...personFields, ...(withLinkedNumbers ? linkedFields : {}) };
    return new Map([
      ...originsOf(person, fields, '', ''),
      ...person.addresses.flatMap((address, index) => {
        const place = `addresses[${String(index)}].`;
        return [
          ...originsOf(address, fieldsOf(address), 'addresses.', place),
          [`${place}mailing`, mailOrigin(address)] as const,
        ];
      }),
    ]);
  });
}

/** An address for mail comes as a whole; PREG's lines are made of it. */
function mailOrigin({ mailing }: PregAddress): FieldOrigin {
  const row = 'addresses.addressLine1';
  return mailing === null ? { row, sources: [], blank: NOTHING_TOLD } : { row, sources: ['addr[PST]'] };
}

/** The municipality has one place, for its number or its name. */
function fieldsOf({ municipality }: PregAddress): Readonly<Record<string, string>> {
  return municipality === null
    ? { ...addressFields, st: 'county' }
    : { ...addressFields, municipality: 'county' };
}

function originsOf(
  holder: object,
  fields: Readonly<Record<string, string>>,
  rows: string,
  place: string,
): readonly (readonly [string, FieldOrigin])[] {
  return Object.entries(holder).flatMap(([field, value]: readonly [string, unknown]) => {
    const source = fields[field];
    if (source === undefined) return [];
    const row = rows + field;
    const origin: FieldOrigin = isBlank(value)
      ? { row, sources: [], blank: NOTHING_TOLD }
      : { row, sources: [source] };
    return [[place + field, origin] as const];
  });
}

function isBlank(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
