import type { JsonObject } from '../person-document.js';
import { birthdayOf, REFERENCE_DAY } from './basics.js';
import type { Day } from './day.js';
import type { Dice } from './dice.js';
import type { PersonDraft } from './person-draft.js';

type ParentRole = 'Mother' | 'Father' | 'CoMother';
type Wedding = 'Married' | 'RegisteredPartner';
type Parting = 'Separated' | 'Divorced' | 'SeparatedPartner' | 'DivorcedPartner';

/** A parent as a child's document names it. */
export interface Parent {
  readonly person: PersonDraft;
  readonly role: ParentRole;
}

function relate(one: PersonDraft, other: PersonDraft, otherIs: string, oneIs: string, since: Day): void {
  one.add('familyRelation', since, {
    relatedPerson: other.number,
    relatedPersonsRole: otherIs,
    myRoleForRelatedPerson: oneIs,
  });
  other.add('familyRelation', since, {
    relatedPerson: one.number,
    relatedPersonsRole: oneIs,
    myRoleForRelatedPerson: otherIs,
  });
}

/** Marries two people, or registers their partnership (possible 1993–2008). */
export function marry(
  dice: Dice,
  one: PersonDraft,
  other: PersonDraft,
  since: Day,
  wedding: Wedding = 'Married',
): void {
  const place = one.home?.place;
  for (const [person, spouse] of [
    [one, other],
    [other, one],
  ] as const) {
    person.replace('maritalStatus', since, {
      status: wedding,
      statusDate: person.date(since),
      authority: String(dice.between(1, 4)),
      municipalityNumber: place?.municipalityNumber,
      municipalityName: place?.municipalityName,
      countyNumber: place?.countyNumber,
      countyName: place?.countyName,
      place: dice.chance(0.5) ? 'Syntetisk festsal' : undefined,
      abroad: place === undefined ? 'SWE' : undefined,
      relatedByMaritalStatus: spouse.number,
    });
  }
  relate(one, other, 'SpouseOrPartner', 'SpouseOrPartner', since);
}

/** Separates or divorces two people. Those who are only separated are still each other's spouse. */
export function part(one: PersonDraft, other: PersonDraft, since: Day, parting: Parting): void {
  const divorced = parting === 'Divorced' || parting === 'DivorcedPartner';
  for (const [person, spouse] of [
    [one, other],
    [other, one],
  ] as const) {
    person.replace('maritalStatus', since, {
      status: parting,
      statusDate: person.date(since),
      relatedByMaritalStatus: divorced ? undefined : spouse.number,
    });
    if (divorced) endMarriage(person, since);
  }
}

function endMarriage(person: PersonDraft, since: Day): void {
  person.end(
    'familyRelation',
    since,
    {},
    ({ relatedPersonsRole }) => relatedPersonsRole === 'SpouseOrPartner',
  );
}

/** Makes the survivor a widow, widower or surviving partner. */
export function bereave(
  survivor: PersonDraft,
  dead: PersonDraft,
  since: Day,
  status: 'WidowOrWidower' | 'SurvivingPartner' = 'WidowOrWidower',
): void {
  survivor.replace('maritalStatus', since, {
    status,
    statusDate: survivor.date(since),
    relatedByMaritalStatus: dead.number,
  });
  endMarriage(survivor, since);
  endMarriage(dead, since);
}

/** Registers who the child's parents are, on all of them, and who has parental responsibility while it is a minor. */
export function registerParents(child: PersonDraft, parents: readonly Parent[]): void {
  for (const { person, role } of parents) relate(child, person, role, 'Child', child.born);
  if (birthdayOf(child, 18) <= REFERENCE_DAY) return;
  for (const { person, role } of parents) {
    const responsibility = {
      responsibilityType: parents.length > 1 ? 'Joint' : role,
      subjectOfResponsibility: child.number,
      responsible: person.number,
    };
    child.add('parentalResponsibility', child.born, responsibility);
    person.add('parentalResponsibility', child.born, responsibility);
  }
}

/** Registers two people as brothers or sisters. */
export function registerSiblings(one: PersonDraft, other: PersonDraft): void {
  relate(one, other, 'Sibling', 'Sibling', Math.max(one.born, other.born));
}

/** Registers a stillborn child, which has no number. */
export function registerStillbirth(mother: PersonDraft, day: Day): void {
  mother.add('familyRelation', day, {
    relatedPersonWithoutIdentifier: withoutNumber(mother, 'Female', day, 'Navnløs', mother.familyName),
    relatedPersonsRole: 'StillbornChild',
    myRoleForRelatedPerson: 'Mother',
  });
}

/** A relative in another country, who has no Norwegian number. */
export function registerParentAbroad(child: PersonDraft, role: 'Mother' | 'Father', country: string): void {
  child.add('familyRelation', child.born, {
    relatedPersonWithoutIdentifier: {
      ...withoutNumber(
        child,
        role === 'Mother' ? 'Female' : 'Male',
        child.born - 10_500,
        'Fjern',
        child.familyName,
      ),
      citizenship: country,
    },
    relatedPersonsRole: role,
    myRoleForRelatedPerson: 'Child',
  });
}

function withoutNumber(
  writer: PersonDraft,
  gender: 'Female' | 'Male',
  born: Day,
  givenName: string,
  familyName: string,
): JsonObject {
  return {
    name: { givenName, familyName },
    birthDate: writer.date(born),
    gender,
  };
}

/** The parents' agreement that a child lives with both: until it comes of age. */
export function agreementOf(child: PersonDraft, since: Day): JsonObject {
  return { contractValidFrom: child.date(since), contractValidTo: child.date(birthdayOf(child, 18)) };
}
