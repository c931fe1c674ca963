import type { FieldGroup } from '../../../person/field-groups.js';
import type { PregPerson } from '../../../person/preg-person.js';
import { protectionOf } from '../../../person/protection.js';
import type { Hl7v2Codes, Relation } from '../codes.js';
import { isBefore, type Hl7Version } from '../message/header.js';
import type { Hl7Field, Hl7Segment } from '../message/message.js';
import { field, repetition, segment, text } from '../message/segment.js';
import { addressField } from './address-field.js';
import { hl7Day } from './hl7-day.js';
import { identifier, identifiersOf, type PersonIdentifier } from './identifiers.js';

/** For whom a person is told, and how. */
export interface Telling {
  readonly version: Hl7Version;
  /** The groups of fields that the client's profile grants. */
  readonly visible: ReadonlySet<FieldGroup>;
  /** The domains whose numbers are told, by OID; all where it is absent (QPD-8). */
  readonly domains?: ReadonlySet<string> | undefined;
  /** PID-1: the person's place in the message, from 1. */
  readonly setId?: number | undefined;
  /**
   * Whether what is blank is to go at whoever is told: `""` in its place. For updates, where an empty field has the receiver
   * keep what it has; the answer to a query says by an empty field that there is nothing.
   */
  readonly blanksDelete?: boolean | undefined;
}

/** What HL7 has for "delete what you have". */
const NULL = text('""');

/** The fields of PID that can be blank, by number: the groups that they belong to. PID-8 is `U` instead. */
const blankable: Readonly<Record<number, FieldGroup>> = {
  5: 'names',
  7: 'birth',
  11: 'addresses',
  16: 'civil-status',
  21: 'family',
  26: 'citizenship',
  29: 'status',
  30: 'status',
};

/** The first version with PD1-13 and PID-33. */
const WITH_DATES: Hl7Version = '2.4';

/**
 * Tells persons in segments (preg-xml-filematch-hl7v2 3.4). What is blank in PREG, or outside of the client's profile, is
 * an empty field. Nothing is ever cut: HL7's lengths differ between its versions, and a receiver can cut what it must.
 */
export class PersonSegments {
  constructor(private readonly codes: Hl7v2Codes) {}

  /** PID, PD1 for whoever is protected, and NK1 for each relative whose number is told. */
  of(person: PregPerson, telling: Telling): readonly Hl7Segment[] {
    return [
      this.#identification(person, telling),
      ...this.#protection(person, telling),
      ...this.#kin(person),
    ];
  }

  /** The numbers that the person is told by in those domains. */
  identifiers(person: PregPerson, domains?: ReadonlySet<string>): readonly PersonIdentifier[] {
    const all = identifiersOf(person, this.codes);
    return domains === undefined ? all : all.filter(({ domain }) => domains.has(domain));
  }

  /** One number as CX, for PID-3, PID-21, NK1-33 and MRG-1; empty for what is no number that may be looked up. */
  identifier(id: string | null): Hl7Field {
    const told = id === null ? undefined : identifier(id, this.codes);
    return told === undefined ? [] : field(told.value);
  }

  #identification(person: PregPerson, telling: Telling): Hl7Segment {
    const { version, visible, domains, setId = 1 } = telling;
    const { gender, deceased, maritalStatus } = person;
    const isDead = deceased === true;
    const told: Readonly<Record<number, Hl7Field>> = {
      1: text(String(setId)),
      3: field(...this.identifiers(person, domains).map(({ value }) => value)),
      5: nameField(person),
      7: text(hl7Day(person.dateOfBirth)),
      8: text(gender ?? (visible.has('gender') ? 'U' : undefined)),
      11: addressField(person, this.codes, version),
      16: text(maritalStatus === null ? undefined : this.codes.maritalStatus(maritalStatus)),
      21: this.identifier(person.mothersNIN),
      26: field(...person.citizenships.filter(isGiven).map((country) => repetition(country))),
      // Nobody is said to be alive, which blank says as well (Safety S7).
      29: text(isDead ? hl7Day(person.dateOfDeath) : undefined),
      30: text(isDead ? 'Y' : undefined),
      33: text(isBefore(version, WITH_DATES) ? undefined : hl7Day(person.dateRegistered)),
    };
    return segment('PID', { ...told, ...deleted(told, telling) });
  }

  #protection(person: PregPerson, telling: Telling): readonly Hl7Segment[] {
    const hasDate = !isBefore(telling.version, WITH_DATES);
    const protection = protectionOf(person);
    if (protection === null) {
      // Whoever was told of a protection is told that it is over.
      return deletes(telling, 'addresses')
        ? [segment('PD1', { 12: text('N'), 13: hasDate ? NULL : [] })]
        : [];
    }
    const since =
      person.addresses.find(({ postalType }) => postalType === protection)?.datePostalType ?? null;
    return [
      segment('PD1', {
        12: text(this.codes.protection(protection) ?? 'Y'),
        13: text(hasDate ? hl7Day(since) : undefined),
      }),
    ];
  }

  /** Relatives are numbers only; one whose number has an unknown form cannot be told ("Decided" 3). */
  #kin(person: PregPerson): readonly Hl7Segment[] {
    const relatives: readonly (readonly [Relation, string | null])[] = [
      ['spouse', person.spouseNIN],
      ['mother', person.mothersNIN],
      ['father', person.fathersNIN],
      ...person.childrensNINs.map((nin) => ['child', nin] as const),
    ];
    return relatives
      .map(([relation, nin]) => ({ relation, number: this.identifier(nin) }))
      .filter(({ number }) => number.length > 0)
      .map(({ relation, number }, index) =>
        segment('NK1', {
          1: text(String(index + 1)),
          3: text(this.codes.relation(relation)),
          33: number,
        }),
      );
  }
}

/** What stands in place of blanks of which the receiver may have something older. */
function deleted(
  told: Readonly<Record<number, Hl7Field>>,
  telling: Telling,
): Readonly<Record<number, Hl7Field>> {
  const groups = isBefore(telling.version, WITH_DATES)
    ? blankable
    : { ...blankable, 33: 'addresses' as const };
  return Object.fromEntries(
    Object.entries(groups)
      .filter(([number, group]) => told[Number(number)]?.length === 0 && deletes(telling, group))
      .map(([number]) => [number, NULL]),
  );
}

function deletes({ blanksDelete = false, visible }: Telling, group: FieldGroup): boolean {
  return blanksDelete && visible.has(group);
}

/** PV1 of a message that tells of no visit. */
export const noVisit: Hl7Segment = segment('PV1', { 1: text('1'), 2: text('N') });

/** The register's three parts of a name; the middle name is a surname, and stands where HL7 has further given names. */
function nameField({ sn, givenName, middleName }: PregPerson): Hl7Field {
  const parts = [sn, givenName, middleName];
  if (!parts.some(isGiven)) return [];
  const [family, given, middle] = parts.map((part) => part ?? undefined);
  return field(repetition(family, given, middle, undefined, undefined, undefined, 'L'));
}

function isGiven(part: string | null): boolean {
  return part !== null && part.trim() !== '';
}
