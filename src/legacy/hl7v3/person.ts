import type { Quirks } from '../../access/legacy-client.js';
import type { CalendarDate } from '../../person/calendar-date.js';
import type { ForeignId, RecordedTelecom } from '../../person/help-number-record.js';
import type { NationalId } from '../../person/national-id.js';
import type { PregAddress, PregPerson } from '../../person/preg-person.js';
import { isProtected, protectionOf } from '../../person/protection.js';
import { codeSystems, PREG_DEVICE } from '../../contract/hl7v3/code-systems.js';
import type { CodeDisplay, Hl7v3Codes } from './codes.js';
import { nil, type TypedPart, type TypedStructure } from './schema/typed-value.js';

/** A day as HL7 writes it: `yyyyMMdd`. */
function hl7Day(day: CalendarDate): string {
  return day.replaceAll('-', '');
}

/** What of a person a message type has room for. */
export interface SubjectOptions {
  /** Whether the person's other numbers are listed: PRPA_MT101303NO01 alone has `identifiedBy` (preg-hl7v3 part 3). */
  readonly identifiedBy: boolean;
}

/** Renders persons as PRPA_MT101303NO01 or its likes (preg-hl7v3 part 3). What is blank in PREG is left out, never sent empty. */
export class PersonRenderer {
  constructor(private readonly codes: Hl7v3Codes) {}

  /** The registration event of one person: the content of `subject`. */
  subject(
    person: PregPerson,
    quirks: Quirks,
    options: SubjectOptions = { identifiedBy: true },
  ): TypedStructure {
    return {
      '@typeCode': 'SUBJ',
      registrationEvent: {
        '@classCode': 'REG',
        '@moodCode': 'EVN',
        statusCode: { '@code': 'active' },
        subject1: { '@typeCode': 'SBJ', identifiedPerson: this.#role(person, quirks, options) },
        custodian: {
          '@typeCode': 'CST',
          assignedEntity: { '@classCode': 'ASSIGNED', id: { '@root': PREG_DEVICE } },
        },
      },
    };
  }

  #role(person: PregPerson, quirks: Quirks, { identifiedBy }: SubjectOptions): TypedStructure {
    const protection = protectionOf(person);
    const confidentiality = protection === null ? undefined : this.codes.confidentiality(protection);
    return {
      '@classCode': 'IDENT',
      id: this.#id(person.nin),
      statusCode: { '@code': 'active' },
      confidentialityCode:
        confidentiality === undefined
          ? undefined
          : { '@code': confidentiality, '@codeSystem': codeSystems.confidentiality },
      identifiedPerson: this.#person(person, quirks),
      // A member that the type does not have is not even named.
      ...(identifiedBy
        ? {
            identifiedBy: [
              ...person.supersededNINs.map((nin) => this.#linkedNumber(nin, true)),
              ...person.alternativeNINs.map((nin) => this.#linkedNumber(nin, false)),
            ],
          }
        : {}),
    };
  }

  #linkedNumber(nin: NationalId, superseded: boolean): TypedStructure {
    return {
      '@typeCode': 'IDENT',
      otherIdentifiedPerson: {
        '@classCode': 'IDENT',
        id: this.#id(nin),
        statusCode: { '@code': this.codes.idState(superseded) },
      },
    };
  }

  #person(person: PregPerson, quirks: Quirks): TypedStructure {
    return {
      '@classCode': 'PSN',
      '@determinerCode': 'INSTANCE',
      id: this.#id(person.nin),
      name: nameValue(person),
      // Where a protected person can be reached tells where the person is.
      telecom: protectionOf(person) === null ? person.telecoms.flatMap(telecomValue) : [],
      administrativeGenderCode:
        person.gender === null ? undefined : { '@code': person.gender, '@codeSystem': codeSystems.gender },
      birthTime: person.dateOfBirth === null ? undefined : { '@value': hl7Day(person.dateOfBirth) },
      deceasedInd: person.deceased === null ? undefined : { '@value': person.deceased },
      deceasedTime: person.dateOfDeath === null ? undefined : { '@value': hl7Day(person.dateOfDeath) },
      addr: person.addresses.flatMap((address) => addressValues(address, quirks)),
      maritalStatusCode: this.#maritalStatus(person.maritalStatus),
      asCitizen: person.citizenships.filter(isGiven).map((country) => ({
        '@classCode': 'CIT',
        politicalNation: {
          '@classCode': 'NAT',
          '@determinerCode': 'INSTANCE',
          code: { '@code': country, '@codeSystem': codeSystems.country },
        },
      })),
      asOtherIDs: [...this.#dufNumber(person.dufNo), ...person.foreignIds.flatMap(foreignIdValue)],
      personalRelationship: [
        ...this.#relations('mother', [person.mothersNIN]),
        ...this.#relations('father', [person.fathersNIN]),
        ...this.#relations('spouse', [person.spouseNIN]),
        ...this.#relations('child', person.childrensNINs),
      ],
    };
  }

  #id(extension: string): TypedStructure {
    return { '@root': this.codes.rootOf(extension), '@extension': extension };
  }

  #maritalStatus(code: number | null): TypedStructure | undefined {
    if (code === null) return undefined;
    const display = this.codes.maritalStatus(code);
    return {
      '@code': String(code),
      '@codeSystem': codeSystems.maritalStatus,
      '@displayName': display?.text,
      translation:
        display?.hl7v3 === undefined
          ? undefined
          : { '@code': display.hl7v3, '@codeSystem': codeSystems.maritalStatusHl7 },
    };
  }

  #dufNumber(dufNo: string | null): readonly TypedStructure[] {
    // Without a root it would be anybody's number.
    if (dufNo === null || this.codes.rootOf(dufNo) === undefined) return [];
    return [
      {
        '@classCode': 'IDENT',
        id: this.#id(dufNo),
        statusCode: { '@code': 'active' },
        scopingOrganization: {
          '@classCode': 'ORG',
          '@determinerCode': 'INSTANCE',
          name: { '@use': 'L', '#text': 'Utlendingsdirektoratet' },
        },
      },
    ];
  }

  /** Relations are numbers only; a relative whose number has an unknown form cannot be told. */
  #relations(
    relation: Parameters<Hl7v3Codes['relation']>[0],
    numbers: readonly (string | null)[],
  ): readonly TypedStructure[] {
    const display: CodeDisplay | undefined = this.codes.relation(relation);
    return numbers.flatMap((number) => {
      const root = number === null ? undefined : this.codes.rootOf(number);
      if (number === null || root === undefined) return [];
      return [
        {
          '@classCode': 'PRS',
          code: {
            '@code': display?.hl7v3,
            '@codeSystem': codeSystems.roleCode,
            '@displayName': display?.hl7v3Text,
          },
          relationshipHolder: {
            '@classCode': 'PSN',
            '@determinerCode': 'INSTANCE',
            id: { '@root': root, '@extension': number },
          },
        },
      ];
    });
  }
}

function telecomValue({ value, use }: RecordedTelecom): readonly TypedStructure[] {
  return isGiven(value) ? [{ '@value': value, '@use': use?.split(' ') }] : [];
}

/** The authority is told by the root alone. */
function foreignIdValue({ root, extension }: ForeignId): readonly TypedStructure[] {
  if (!isGiven(root) || !isGiven(extension)) return [];
  return [
    { '@classCode': 'IDENT', id: { '@root': root, '@extension': extension }, scopingOrganization: nil },
  ];
}

function wordsOf(name: string | null): readonly string[] {
  return name?.split(/\s+/u).filter((word) => word !== '') ?? [];
}

/** One part per word; the middle name is a family part with qualifier MID (preg-hl7v3 3.3). */
function nameValue(person: PregPerson): TypedStructure | undefined {
  const parts: readonly TypedPart[] = [
    ...wordsOf(person.givenName).map((word): TypedPart => ['given', word]),
    ...wordsOf(person.middleName).map((word): TypedPart => ['family', { '@qualifier': 'MID' }, word]),
    ...wordsOf(person.sn).map((word): TypedPart => ['family', word]),
  ];
  if (parts.length === 0) return undefined;
  return {
    '@use': 'L',
    parts,
    validTime: person.dateName === null ? undefined : { low: { '@value': hl7Day(person.dateName) } },
  };
}

/** The addresses that HL7 v3 makes of one of PREG's: none for a protected one ("Decided" 4). */
function addressValues(address: PregAddress, quirks: Quirks): readonly TypedStructure[] {
  if (isProtected(address.postalType)) return [];
  const addresses = [residenceValue(address, quirks), mailingValue(address)];
  return addresses.filter((value) => value !== undefined);
}

const NO_FIXED_ABODE = 5;

function residenceValue(address: PregAddress, quirks: Quirks): TypedStructure | undefined {
  if (address.postalType === NO_FIXED_ABODE && quirks.noFixedAbode === 'omit') return undefined;
  const parts = partsOf([
    // The clients show the parts in this order: what a reader looks for comes first.
    ['streetAddressLine', address.postalAddress],
    ['postalCode', address.postalCode],
    ['city', address.postalPlace],
    ['county', address.st ?? address.municipality],
    ['streetName', address.streetName],
    ['houseNumber', address.houseNumber?.toString() ?? null],
    ['buildingNumberSuffix', address.houseLetter],
    ['unitID', address.apartmentNumber],
    ['careOf', address.coAddress],
    ['country', address.countryCode],
  ]);
  if (!tellsPlace(parts)) return undefined;
  return { '@use': address.source === 'present' ? 'TMP' : 'HP', parts };
}

function mailingValue({ mailing }: PregAddress): TypedStructure | undefined {
  if (mailing === null) return undefined;
  const parts = partsOf([
    ...mailing.lines.map((line) => ['streetAddressLine', line] as const),
    ['postalCode', mailing.postalCode],
    ['city', mailing.postalPlace],
    ['country', mailing.countryCode],
  ]);
  return !tellsPlace(parts) ? undefined : { '@use': mailing.isForeignStay ? 'H' : 'PST', parts };
}

function partsOf(parts: readonly (readonly [name: string, text: string | null])[]): readonly TypedPart[] {
  return parts.flatMap(([name, text]): readonly TypedPart[] => (isGiven(text) ? [[name, text]] : []));
}

/** A country alone is no address. */
function tellsPlace(parts: readonly TypedPart[]): boolean {
  return parts.some(([name]) => name !== 'country');
}

/** Blank text is no text: an empty part breaks the known clients (preg-hl7v3 2.2). */
function isGiven(text: string | null): text is string {
  return text !== null && text.trim() !== '';
}
