import { textAt } from '../person-document.js';
import { dayFrom, type Day } from '../generated/day.js';
import type { ChangeOf } from './change.js';
import type { ChangeSet } from './change-set.js';
import { homeOf, residentialFields } from './homes.js';
import { ImpossibleChange } from './impossible-change.js';
import type { PersonEdit } from './person-edit.js';
import { protectionOf } from './protection.js';
import { birthDateOf, genderOf, numberTypeOf, requireAlive } from './standing.js';
import { spreadNumber } from './ties.js';

/** `YYYY-MM-DD` as a day. */
export function dayOfDate(date: string): Day {
  const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number);
  return dayFrom(year, month, dayOfMonth);
}

/**
 * Gives a person a new number; the one until now is discontinued and finds the person still. A holder of a D-number or of an
 * alternate number who gets a national identity number becomes resident.
 */
export function giveNewNumber(set: ChangeSet, change: ChangeOf<'new-number'>): PersonEdit {
  const person = set.person(change.nin);
  requireAlive(person);
  const before = numberTypeOf(person);
  const kind = change.kind ?? 'NationalIdentityNumber';
  if (kind === 'DNumber' && before !== 'DNumber') {
    throw new ImpossibleChange('Only a D-number is replaced by a D-number.');
  }
  const gender = change.gender ?? genderOf(person) ?? 'Female';
  const born = dayOfDate(birthDateOf(person));
  person.end('norwegianIdentificationNumber', undefined, { status: 'Discontinued' });
  person.add('norwegianIdentificationNumber', {
    status: 'InUse',
    identificationNumber:
      kind === 'DNumber' ? set.freeNumbers.dNumber(born, gender) : set.freeNumbers.nationalId(born, gender),
    identificationNumberType: kind,
  });
  person.announce('ChangeInNorwegianIdentificationNumber', ['norwegianIdentificationNumber']);
  if (gender !== genderOf(person)) person.replace('gender', { gender });
  if (kind === 'NationalIdentityNumber' && before !== 'NationalIdentityNumber') {
    becomeResident(set, person, change.address);
  }
  spreadNumber(set, person);
  return person;
}

function becomeResident(
  set: ChangeSet,
  person: PersonEdit,
  address: ChangeOf<'new-number'>['address'],
): void {
  person.announce('PersonIsResident', ['status', 'immigrationToNorway', 'identityVerification']);
  person.replace('status', { status: 'Resident' });
  person.replace('identityVerification', { identityVerificationStatus: 'Verified' });
  person.add('immigrationToNorway', {
    immigratedFromCountry: textAt(person.current('citizenship')[0], 'countryCode'),
  });
  const level = protectionOf(person);
  if (level === 'StrictlyConfidential') return;
  person.end('presentAddress');
  if (address !== undefined || person.current('residentialAddress').length === 0) {
    person.replace('residentialAddress', residentialFields(homeOf(address, set.dice), level, set.moment));
  }
}
