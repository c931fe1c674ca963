import { objectAt, textAt, type JsonObject } from '../person-document.js';
import type { ChangeOf } from './change.js';
import type { ChangeSet } from './change-set.js';
import { ImpossibleChange } from './impossible-change.js';
import { nameFields } from './name.js';
import { dayOfDate } from './new-number.js';
import { asDate, contentOf, type PersonEdit } from './person-edit.js';
import { genderOf, requireAlive, statusOf } from './standing.js';
import { relate } from './ties.js';

interface Parent {
  readonly person: PersonEdit;
  readonly role: 'Mother' | 'Father' | 'CoMother';
}

/** Parts that a newborn shares with the mother, as they are now. */
const SHARED = ['addressProtection', 'residentialAddress'] as const;

/** Registers a child: a new person who lives with the mother, and the relations on all sides. */
export function registerBirth(set: ChangeSet, change: ChangeOf<'birth'>): PersonEdit {
  const parents = parentsOf(set, change);
  const [{ person: mother }] = parents;
  const { day } = set.moment;
  const gender = change.gender ?? (set.dice.chance(0.5) ? 'Female' : 'Male');
  const number = set.freeNumbers.nationalId(dayOfDate(day), gender);
  const child = set.newcomer(number);
  child.announce('PersonIsCreated', 'all');
  child.add('norwegianIdentificationNumber', {
    status: 'InUse',
    identificationNumber: number,
    identificationNumberType: 'NationalIdentityNumber',
  });
  child.add('identityVerification', { identityVerificationStatus: 'Verified' });
  child.add('gender', { gender });
  child.add('birth', {
    birthDate: asDate(day),
    birthYear: day.slice(0, 4),
    ...birthPlaceOf(mother),
    birthCountry: 'NOR',
  });
  child.add('birthInNorway', { organizationName: 'Syntetisk sykehus' });
  child.add('maritalStatus', { status: 'Unmarried' });
  registerCitizenship(child, parents, day);
  registerName(child, mother, change, gender);
  settle(child, mother);
  registerParents(child, parents);
  return child;
}

function parentsOf(
  set: ChangeSet,
  { nin, father, coMother }: ChangeOf<'birth'>,
): readonly [Parent, ...Parent[]] {
  const mother: Parent = { person: set.person(nin), role: 'Mother' };
  if (genderOf(mother.person) === 'Male') throw new ImpossibleChange('The mother is registered as male.');
  const parents: [Parent, ...Parent[]] = [mother];
  if (father !== undefined) parents.push({ person: set.person(father), role: 'Father' });
  if (coMother !== undefined) parents.push({ person: set.person(coMother), role: 'CoMother' });
  for (const { person } of parents) requireAlive(person);
  if (new Set(parents.map(({ person }) => person)).size < parents.length) {
    throw new ImpossibleChange('Nobody is a parent twice.');
  }
  return parents;
}

function birthPlaceOf(mother: PersonEdit): JsonObject {
  const [home] = mother.current('residentialAddress');
  const place =
    objectAt(home, 'streetAddress') ??
    objectAt(objectAt(home, 'cadastralAddress'), 'cadastralNumber') ??
    objectAt(home, 'unknownResidence');
  const told: Record<string, string> = {};
  for (const [member, from] of [
    ['birthMunicipalityNumber', 'municipalityNumber'],
    ['birthMunicipalityName', 'municipalityName'],
    ['birthCountyNumber', 'countyNumber'],
    ['birthCountyName', 'countyName'],
  ] as const) {
    const text = textAt(place, from);
    if (text !== undefined) told[member] = text;
  }
  return told;
}

function registerCitizenship(child: PersonEdit, parents: readonly Parent[], day: string): void {
  const countries = parents.flatMap(({ person }) =>
    person.current('citizenship').flatMap((element) => textAt(element, 'countryCode') ?? []),
  );
  const countryCode = countries.includes('NOR') ? 'NOR' : countries[0];
  if (countryCode !== undefined) child.add('citizenship', { countryCode, aquiredDate: asDate(day) });
}

/** Until a name is chosen, a newborn goes by the mother's with a mark (persontjenesten-api 8). */
function registerName(
  child: PersonEdit,
  mother: PersonEdit,
  { givenName }: ChangeOf<'birth'>,
  gender: 'Female' | 'Male',
): void {
  const [name] = mother.current('name');
  const provisional = `${textAt(name, 'givenName') ?? ''}*${gender === 'Female' ? 'PIKE' : 'GUTT'}`;
  child.add(
    'name',
    nameFields({ givenName: givenName ?? provisional, familyName: textAt(name, 'familyName') }),
  );
}

/** A child of a resident lives with the mother, under the same protection; another one is registered at birth only. */
function settle(child: PersonEdit, mother: PersonEdit): void {
  if (statusOf(mother) !== 'Resident') {
    child.add('status', { status: 'RegisteredAtBirth' });
    child.add('residentialAddress', { unknownResidence: {}, addressConfidentiality: 'Unclassified' });
    return;
  }
  child.add('status', { status: 'Resident' });
  for (const part of SHARED) {
    for (const element of mother.current(part)) child.add(part, contentOf(element));
  }
  // Whoever is strictly protected has the forwarding address instead of a home.
  if (mother.current('residentialAddress').length > 0) return;
  for (const element of mother.current('postalAddress')) child.add('postalAddress', contentOf(element));
}

function registerParents(child: PersonEdit, parents: readonly Parent[]): void {
  for (const { person, role } of parents) {
    relate(child, person, role, 'Child');
    const responsibility = {
      responsibilityType: parents.length > 1 ? 'Joint' : role,
      subjectOfResponsibility: child.number,
      responsible: person.number,
    };
    child.add('parentalResponsibility', responsibility);
    person.add('parentalResponsibility', responsibility);
  }
}
