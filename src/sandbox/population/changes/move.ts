import type { ChangeOf } from './change.js';
import type { ChangeSet } from './change-set.js';
import { homeOf, presentFields, residentialFields } from './homes.js';
import { ImpossibleChange } from './impossible-change.js';
import type { PersonEdit } from './person-edit.js';
import { protectionOf } from './protection.js';
import { numberTypeOf, requireAlive, statusOf } from './standing.js';

const NOT_LIVING_HERE: ReadonlySet<string | undefined> = new Set([
  'Emigrated',
  'Disappeared',
  'RegisteredAtBirth',
  'NotResident',
]);

/**
 * Moves a person within Norway. Residents get a new residential address; holders of a D-number have none, and get a new present
 * address (persontjenesten-api 11).
 */
export function move(set: ChangeSet, { nin, address }: ChangeOf<'move'>): PersonEdit {
  const person = set.person(nin);
  requireAlive(person);
  if (NOT_LIVING_HERE.has(statusOf(person)))
    throw new ImpossibleChange('The person does not live in Norway.');
  const level = protectionOf(person);
  if (level === 'StrictlyConfidential') {
    throw new ImpossibleChange('The register holds no home address of the person.');
  }
  const home = homeOf(address, set.dice);
  if (numberTypeOf(person) === 'DNumber') {
    person.replace('presentAddress', presentFields(home, level, set.moment));
  } else {
    person.replace('residentialAddress', residentialFields(home, level, set.moment), 'FLYTTING');
  }
  return person;
}
