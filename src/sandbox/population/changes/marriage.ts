import { textAt, type JsonObject } from '../person-document.js';
import type { ChangeOf } from './change.js';
import type { ChangeSet } from './change-set.js';
import { ImpossibleChange } from './impossible-change.js';
import { asDate, type PersonEdit } from './person-edit.js';
import { isDead, requireAlive } from './standing.js';
import { names, relate, relativesOf } from './ties.js';

const MARRIED: ReadonlySet<string> = new Set(['Married', 'Separated']);
const PARTNERS: ReadonlySet<string> = new Set(['RegisteredPartner', 'SeparatedPartner']);

/** The current marital status of somebody who is married or separated, or in a registered partnership. */
export function marriageOf(person: PersonEdit): JsonObject | undefined {
  return person.current('maritalStatus').find((element) => {
    const status = textAt(element, 'status') ?? '';
    return MARRIED.has(status) || PARTNERS.has(status);
  });
}

/** The spouse, where the population has them and they are married to the person. */
export function spouseOf(set: ChangeSet, person: PersonEdit): PersonEdit | undefined {
  const spouse = set.find(textAt(marriageOf(person), 'relatedByMaritalStatus'));
  const theirs = spouse === undefined ? undefined : marriageOf(spouse);
  return theirs !== undefined && names(theirs, person.numbers) ? spouse : undefined;
}

function isPartnership(person: PersonEdit): boolean {
  return PARTNERS.has(textAt(marriageOf(person), 'status') ?? '');
}

/** Marries two persons. */
export function marry(set: ChangeSet, change: ChangeOf<'marriage'>): PersonEdit {
  const one = set.person(change.nin);
  const other = set.person(change.spouse);
  if (one === other) throw new ImpossibleChange('Nobody marries themselves.');
  for (const person of [one, other]) {
    requireAlive(person);
    if (marriageOf(person) !== undefined) throw new ImpossibleChange('One of them is married.');
  }
  if (relativesOf(set, one).has(other)) throw new ImpossibleChange('The register has them as relatives.');
  const statusDate = asDate(set.moment.day);
  one.replace('maritalStatus', { status: 'Married', statusDate, relatedByMaritalStatus: other.number });
  other.replace('maritalStatus', { status: 'Married', statusDate, relatedByMaritalStatus: one.number });
  relate(one, other, 'SpouseOrPartner', 'SpouseOrPartner');
  return one;
}

/** Divorces a person, and the spouse with them. */
export function divorce(set: ChangeSet, { nin }: ChangeOf<'divorce'>): PersonEdit {
  const person = set.person(nin);
  requireAlive(person);
  if (marriageOf(person) === undefined) throw new ImpossibleChange('The person is not married.');
  const status = isPartnership(person) ? 'DivorcedPartner' : 'Divorced';
  const spouse = spouseOf(set, person);
  for (const one of spouse === undefined ? [person] : [person, spouse]) {
    one.replace('maritalStatus', { status, statusDate: asDate(set.moment.day) });
    endMarriage(one);
  }
  return person;
}

/** Makes whoever was married to the dead a widow, widower or surviving partner. */
export function bereave(set: ChangeSet, dead: PersonEdit): void {
  const survivor = spouseOf(set, dead);
  endMarriage(dead);
  if (survivor === undefined || isDead(survivor)) return;
  survivor.replace('maritalStatus', {
    status: isPartnership(survivor) ? 'SurvivingPartner' : 'WidowOrWidower',
    statusDate: asDate(set.moment.day),
    relatedByMaritalStatus: dead.number,
  });
  endMarriage(survivor);
}

function endMarriage(person: PersonEdit): void {
  person.end('familyRelation', ({ relatedPersonsRole }) => relatedPersonsRole === 'SpouseOrPartner');
}
