import { textAt, type JsonObject } from '../person-document.js';
import type { ChangeSet } from './change-set.js';
import type { PersonEdit } from './person-edit.js';

/** A family relation or a parental responsibility: told in the documents of both whom it ties together. */
export interface Tie {
  readonly part: 'familyRelation' | 'parentalResponsibility';
  /** As it stands in the document that is looked at. */
  readonly element: JsonObject;
  /** The other one's number; undefined for somebody without. */
  readonly other: string | undefined;
}

const PARTS = ['familyRelation', 'parentalResponsibility'] as const;
const NAMING = ['relatedPerson', 'subjectOfResponsibility', 'responsible', 'relatedByMaritalStatus'];

/** Whether the element names somebody with one of the numbers. */
export function names(element: JsonObject, numbers: ReadonlySet<string>): boolean {
  return NAMING.some((member) => numbers.has(textAt(element, member) ?? ''));
}

/** The content with one number in place of others wherever it names somebody. */
export function renumbered(content: JsonObject, from: ReadonlySet<string>, to: string): JsonObject {
  return Object.fromEntries(
    Object.entries(content).map(([member, value]) => [
      member,
      NAMING.includes(member) && typeof value === 'string' && from.has(value) ? to : value,
    ]),
  );
}

/** What ties the person to others now. What the document tells of two others is not among it. */
export function tiesOf(person: PersonEdit): readonly Tie[] {
  const { numbers } = person;
  return PARTS.flatMap((part) =>
    person
      .current(part)
      .filter((element) => part === 'familyRelation' || names(element, numbers))
      .map((element) => ({
        part,
        element,
        other: NAMING.map((member) => textAt(element, member)).find(
          (number) => number !== undefined && !numbers.has(number),
        ),
      })),
  );
}

/** Whether two elements, told from the same side, say the same of the one with these numbers. */
export function isSameTie(tie: Tie, element: JsonObject, otherNumbers: ReadonlySet<string>): boolean {
  if (tie.part === 'familyRelation') {
    return (
      element['relatedPersonsRole'] === tie.element['relatedPersonsRole'] &&
      element['myRoleForRelatedPerson'] === tie.element['myRoleForRelatedPerson'] &&
      names(element, otherNumbers)
    );
  }
  return (
    ['subjectOfResponsibility', 'responsible'].every(
      (side) =>
        otherNumbers.has(textAt(tie.element, side) ?? '') === otherNumbers.has(textAt(element, side) ?? ''),
    ) && names(element, otherNumbers)
  );
}

/** Tells, among other people's elements, the mirror of a tie to somebody with the first numbers. */
export function mirrorOf(
  tie: Tie,
  numbers: ReadonlySet<string>,
  otherNumbers: ReadonlySet<string>,
): (element: JsonObject) => boolean {
  if (tie.part === 'parentalResponsibility') {
    return (element) => names(element, numbers) && names(element, otherNumbers);
  }
  return (element) =>
    names(element, numbers) &&
    element['relatedPersonsRole'] === tie.element['myRoleForRelatedPerson'] &&
    element['myRoleForRelatedPerson'] === tie.element['relatedPersonsRole'];
}

/** Whose documents tell of a tie: the other one's of a relation, those of a whole circle of a responsibility. */
export function tellersOf(
  tie: Tie,
  other: PersonEdit | undefined,
  circle: ReadonlySet<PersonEdit>,
): Iterable<PersonEdit> {
  if (tie.part === 'parentalResponsibility') return circle;
  return other === undefined ? [] : [other];
}

/** Registers a family relation on both sides. */
export function relate(one: PersonEdit, other: PersonEdit, otherIs: string, oneIs: string): void {
  one.add('familyRelation', {
    relatedPerson: other.number,
    relatedPersonsRole: otherIs,
    myRoleForRelatedPerson: oneIs,
  });
  other.add('familyRelation', {
    relatedPerson: one.number,
    relatedPersonsRole: oneIs,
    myRoleForRelatedPerson: otherIs,
  });
}

/** Everybody in the population whom the person's current elements name. */
export function relativesOf(set: ChangeSet, person: PersonEdit): ReadonlySet<PersonEdit> {
  const { numbers } = person;
  const relatives = new Set<PersonEdit>();
  for (const part of [...PARTS, 'maritalStatus']) {
    for (const element of person.current(part)) {
      for (const member of NAMING) {
        const number = textAt(element, member);
        const relative = number === undefined || numbers.has(number) ? undefined : set.find(number);
        if (relative !== undefined) relatives.add(relative);
      }
    }
  }
  return relatives;
}

/**
 * Everybody whose document may name the person: the relatives, and whoever shares a child with them, since a parent's document
 * may tell of the other parent's responsibility.
 */
export function circleOf(set: ChangeSet, person: PersonEdit): ReadonlySet<PersonEdit> {
  const circle = new Set(relativesOf(set, person));
  for (const held of person.current('parentalResponsibility')) {
    const child = set.find(textAt(held, 'subjectOfResponsibility'));
    for (const parent of child === undefined ? [] : relativesOf(set, child)) circle.add(parent);
  }
  circle.delete(person);
  return circle;
}

/** Has everybody name the person by the number in use now. */
export function spreadNumber(set: ChangeSet, person: PersonEdit): void {
  const { number, numbers } = person;
  if (number === undefined) return;
  const old = new Set([...numbers].filter((other) => other !== number));
  for (const one of [person, ...circleOf(set, person)]) {
    for (const part of [...PARTS, 'maritalStatus']) {
      one.alter(
        part,
        (element) => names(element, old),
        (content) => renumbered(content, old, number),
      );
    }
  }
}
