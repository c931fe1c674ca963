import { textAt } from '../person-document.js';
import type { ChangeOf } from './change.js';
import type { ChangeSet } from './change-set.js';
import { ImpossibleChange } from './impossible-change.js';
import type { Fields, PersonEdit } from './person-edit.js';
import { requireAlive } from './standing.js';

/** The parts of a name. */
export interface Name {
  readonly givenName?: string | undefined;
  readonly middleName?: string | undefined;
  readonly familyName?: string | undefined;
}

/** A name as the register writes it, with the short one of at most 40 letters. */
export function nameFields({ givenName, middleName, familyName }: Name): Fields {
  const words = [familyName, givenName, middleName].filter((part) => part !== undefined);
  return {
    givenName,
    middleName,
    familyName,
    shortName: words.join(' ').toUpperCase().slice(0, 40),
  };
}

/** Gives a person another name. The provisional name of a newborn leaves no history (persontjenesten-api 8). */
export function rename(set: ChangeSet, change: ChangeOf<'name'>): PersonEdit {
  const person = set.person(change.nin);
  requireAlive(person);
  const [before] = person.current('name');
  const name: Name = {
    givenName: change.givenName ?? textAt(before, 'givenName'),
    middleName:
      change.middleName === undefined ? textAt(before, 'middleName') : (change.middleName ?? undefined),
    familyName: change.familyName ?? textAt(before, 'familyName'),
  };
  if (name.givenName === undefined && name.familyName === undefined) {
    throw new ImpossibleChange('A name has a given name or a family name.');
  }
  person.annul('name', (element) => /\*(?:PIKE|GUTT)$/.test(textAt(element, 'givenName') ?? ''));
  person.replace('name', nameFields(name));
  return person;
}
