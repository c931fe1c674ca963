import { textAt } from '../person-document.js';
import { ImpossibleChange } from './impossible-change.js';
import type { PersonEdit } from './person-edit.js';

/** The current status; undefined where the register has none. */
export function statusOf(person: PersonEdit): string | undefined {
  return textAt(person.current('status')[0], 'status');
}

export function isDead(person: PersonEdit): boolean {
  return statusOf(person) === 'Deceased' || person.current('death').length > 0;
}

/** Throws ImpossibleChange for the dead and for an identity that no longer stands for a person. */
export function requireAlive(person: PersonEdit): void {
  if (isDead(person)) throw new ImpossibleChange('The person is dead.');
  if (statusOf(person) === 'Discontinued') throw new ImpossibleChange('The identity is discontinued.');
}

/** The kind of the number in use, e.g. `DNumber`. */
export function numberTypeOf(person: PersonEdit): string | undefined {
  const { number } = person;
  const inUse = person
    .current('norwegianIdentificationNumber')
    .find((element) => element['identificationNumber'] === number);
  return textAt(inUse, 'identificationNumberType');
}

/** Day of birth, `YYYY-MM-DD`. Throws ImpossibleChange when it is not known. */
export function birthDateOf(person: PersonEdit): string {
  const date = textAt(person.current('birth')[0], 'birthDate')?.slice(0, 10);
  if (date === undefined) throw new ImpossibleChange('The date of birth is not known.');
  return date;
}

/** Female or male, as the register has it now. */
export function genderOf(person: PersonEdit): 'Female' | 'Male' | undefined {
  const gender = textAt(person.current('gender')[0], 'gender');
  return gender === 'Female' || gender === 'Male' ? gender : undefined;
}
