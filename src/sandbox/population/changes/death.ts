import type { ChangeOf } from './change.js';
import type { ChangeSet } from './change-set.js';
import { bereave } from './marriage.js';
import { asDate, type PersonEdit } from './person-edit.js';
import { requireAlive } from './standing.js';

const ENDED = [
  'residentialAddress',
  'presentAddress',
  'sharedResidence',
  'postalAddress',
  'foreignPostalAddress',
];

/** Registers a death: date, final status, the end of all addresses, and of the marriage. */
export function die(set: ChangeSet, { nin }: ChangeOf<'death'>): PersonEdit {
  const person = set.person(nin);
  requireAlive(person);
  person.announce('PersonIsDeceased', ['status', 'death']);
  bereave(set, person);
  person.replace('status', { status: 'Deceased' });
  person.put('death', { deceasedDate: asDate(set.moment.day) });
  for (const part of ENDED) person.end(part);
  return person;
}
