import type { Countries } from '../../../mapping/countries.js';
import { blankPerson } from '../../../person/blank-person.js';
import { isNationalId, type NationalId } from '../../../person/national-id.js';
import type { PregPerson } from '../../../person/preg-person.js';
import { ProtectedPostalType } from '../../../person/protection.js';
import type { XmlElement } from '../../../xml/element.js';
import { all, attribute, day, first } from './hl7-element.js';
import type { PregCodes, RelativesField } from './preg-codes.js';
import { isHidden, toldAddresses } from './told-address.js';
import { toldName } from './told-name.js';

/** A person as a registration event tells of one, with nothing of the addresses hidden yet: it must not go any further like this. */
export interface ToldSubject {
  readonly person: PregPerson;
  readonly protection: ProtectedPostalType | null;
  /** Every number that is said to be the person's. */
  readonly numbers: ReadonlySet<string>;
  /** Whether the number in use is said to be in use no more. */
  readonly isOutOfUse: boolean;
}

/** An identifier as it was sent. */
interface Identifier {
  readonly root: string | undefined;
  readonly extension: string;
  readonly isSuperseded: boolean;
}

/**
 * The person in a `subject` of a reply (preg-hl7v3 part 3), by whichever of its messages; undefined for one without a usable
 * number. What the message has no place for is blank.
 */
export function toldSubject(
  subject: XmlElement,
  codes: PregCodes,
  countries: Countries,
): ToldSubject | undefined {
  const role = first(subject, 'registrationEvent', 'subject1', 'identifiedPerson');
  const person = first(role, 'identifiedPerson');
  const own = [...idsOf(role, codes), ...idsOf(person, codes)];
  // What has the form of a number may be an id of somebody else's register.
  const nin = own
    .filter(({ root }) => root === undefined || codes.isPersonNumberRoot(root) || codes.isDufRoot(root))
    .map(({ extension }) => extension)
    .find(isNationalId);
  if (nin === undefined) return undefined;
  const linked = [
    ...all(role, 'identifiedBy').flatMap((link) => idsOf(first(link, 'otherIdentifiedPerson'), codes)),
    ...all(person, 'asOtherIDs').flatMap((other) => idsOf(other, codes)),
  ];
  const numbers = [...own, ...linked].filter((id) => codes.isPersonNumberRoot(id.root));
  const duf = [...linked, ...own].find(({ root }) => codes.isDufRoot(root))?.extension ?? null;
  const gender = first(person, 'administrativeGenderCode');
  const dateOfDeath = day(first(person, 'deceasedTime'));
  return {
    numbers: new Set([nin, ...numbers.map(({ extension }) => extension), ...(duf === null ? [] : [duf])]),
    protection: protectionOf(role, person, codes),
    isOutOfUse: codes.isSuperseded(attribute(first(role, 'statusCode'), 'code')),
    person: {
      ...blankPerson,
      ...toldName(all(person, 'name')),
      ...relatives(person, codes),
      nin,
      supersededNINs: others(numbers, nin, true),
      alternativeNINs: others(numbers, nin, false),
      dufNo: duf,
      foreignIds: linked
        .filter(({ root }) => root !== undefined && !codes.isPersonNumberRoot(root) && !codes.isDufRoot(root))
        .map(({ root = '', extension }) => ({ root, extension })),
      telecoms: all(person, 'telecom').flatMap((telecom) => {
        const value = attribute(telecom, 'value');
        return value === undefined ? [] : [{ value, use: attribute(telecom, 'use') ?? null }];
      }),
      gender: codes.gender(attribute(gender, 'code'), attribute(gender, 'codeSystem')),
      dateOfBirth: day(first(person, 'birthTime')),
      deceased: flag(first(person, 'deceasedInd')) ?? (dateOfDeath === null ? null : true),
      dateOfDeath,
      addresses: toldAddresses(addressesIn(role, person), nin, countries),
      maritalStatus: maritalStatusIn(person, codes),
      citizenships: all(person, 'asCitizen').flatMap(
        (citizen) => attribute(first(citizen, 'politicalNation', 'code'), 'code') ?? [],
      ),
    },
  };
}

/** Clients read those of the person; the schema has a place for them in the role as well. */
function addressesIn(role: XmlElement | undefined, person: XmlElement | undefined): readonly XmlElement[] {
  const own = all(person, 'addr');
  return own.length > 0 ? own : all(role, 'addr');
}

/** The ids directly in an element, under its state. */
function idsOf(element: XmlElement | undefined, codes: PregCodes): readonly Identifier[] {
  const isSuperseded = codes.isSuperseded(attribute(first(element, 'statusCode'), 'code'));
  return all(element, 'id').flatMap((id) => {
    const extension = attribute(id, 'extension');
    return extension === undefined ? [] : [{ root: attribute(id, 'root'), extension, isSuperseded }];
  });
}

function others(numbers: readonly Identifier[], nin: NationalId, superseded: boolean): readonly NationalId[] {
  const told = numbers.filter(({ isSuperseded }) => isSuperseded === superseded);
  return [...new Set(told.map(({ extension }) => extension))].filter(isNationalId).filter((id) => id !== nin);
}

/** The strictest of whatever says that addresses are hidden (Safety S1). */
function protectionOf(
  role: XmlElement | undefined,
  person: XmlElement | undefined,
  codes: PregCodes,
): ProtectedPostalType | null {
  const hidden = [role, person].some((holder) => all(holder, 'addr').some(isHidden));
  if (hidden) return ProtectedPostalType.StrictlyConfidential;
  const levels = all(role, 'confidentialityCode').map((level) => {
    if (attribute(level, 'nullFlavor') === 'MSK') return ProtectedPostalType.StrictlyConfidential;
    const code = attribute(level, 'code');
    return code === undefined ? null : codes.protection(code);
  });
  if (levels.includes(ProtectedPostalType.StrictlyConfidential))
    return ProtectedPostalType.StrictlyConfidential;
  return levels.find((level) => level !== null) ?? null;
}

function relatives(person: XmlElement | undefined, codes: PregCodes): Pick<PregPerson, RelativesField> {
  const numbersOf = (field: RelativesField): readonly string[] =>
    all(person, 'personalRelationship')
      .filter((relation) => codes.relativesField(attribute(first(relation, 'code'), 'code')) === field)
      .flatMap((relation) => attribute(first(relation, 'relationshipHolder', 'id'), 'extension') ?? []);
  return {
    mothersNIN: numbersOf('mothersNIN')[0] ?? null,
    fathersNIN: numbersOf('fathersNIN')[0] ?? null,
    spouseNIN: numbersOf('spouseNIN')[0] ?? null,
    childrensNINs: numbersOf('childrensNINs'),
  };
}

function maritalStatusIn(person: XmlElement | undefined, codes: PregCodes): number | null {
  const status = first(person, 'maritalStatusCode');
  const told = [status, ...all(status, 'translation')].map((code) => {
    const value = attribute(code, 'code');
    return value === undefined ? null : codes.maritalStatus(value, attribute(code, 'codeSystem'));
  });
  return told.find((code) => code !== null) ?? null;
}

function flag(element: XmlElement | undefined): boolean | null {
  const value = attribute(element, 'value');
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : null;
}
