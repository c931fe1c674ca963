import { objectAt, textAt, type JsonObject } from '../person-document.js';
import type { ChangeOf } from './change.js';
import type { ChangeSet } from './change-set.js';
import { homeOf, residentialFields } from './homes.js';
import { ImpossibleChange } from './impossible-change.js';
import type { PersonEdit } from './person-edit.js';
import { requireAlive, statusOf } from './standing.js';

/** Addresses that the protection of a person covers (persontjenesten-api 11, Confidentiality). */
const COVERED = ['residentialAddress', 'presentAddress', 'sharedResidence'] as const;
const LEVELS = ['Unclassified', 'Confidential', 'StrictlyConfidential'] as const;
const FORWARDER = 'SYNTETISK FORMIDLINGSKONTOR';

/** Levels that a person can be protected at. */
export type ProtectionLevel = (typeof LEVELS)[number];

/** The highest current level of the person; a level that the sandbox does not know counts as the highest. */
export function protectionOf(person: PersonEdit): ProtectionLevel {
  const ranks = person.current('addressProtection').map((element) => {
    const rank = LEVELS.findIndex((level) => level === element['protectionLevel']);
    return rank < 0 ? LEVELS.length - 1 : rank;
  });
  return LEVELS[Math.max(0, ...ranks)] ?? 'Unclassified';
}

/** Protects the addresses of a person from now on. */
export function protect(set: ChangeSet, { nin, level }: ChangeOf<'protect'>): PersonEdit {
  const person = set.person(nin);
  requireAlive(person);
  if (protectionOf(person) === level) throw new ImpossibleChange('The person has that protection already.');
  applyProtection(set, person, level);
  return person;
}

/** Raises or lowers the protection of a person to a level, and that of the addresses with it. */
export function applyProtection(
  set: ChangeSet,
  person: PersonEdit,
  level: 'Confidential' | 'StrictlyConfidential',
): void {
  const before = protectionOf(person);
  person.replace('addressProtection', { protectionLevel: level });
  if (level === 'StrictlyConfidential') {
    // The register holds no home address any more; where the person lived until now becomes history.
    for (const part of COVERED) person.end(part);
    person.replace('postalAddress', forwardingAddress());
    return;
  }
  classify(person, 'Confidential');
  if (before === 'StrictlyConfidential') comeHome(set, person, level, undefined);
}

/** Ends the protection of a person. */
export function liftProtection(set: ChangeSet, change: ChangeOf<'lift-protection'>): PersonEdit {
  const person = set.person(change.nin);
  const before = protectionOf(person);
  if (before === 'Unclassified') throw new ImpossibleChange('The person has no protection.');
  person.end('addressProtection');
  classify(person, 'Unclassified');
  if (before === 'StrictlyConfidential') comeHome(set, person, 'Unclassified', change.address);
  return person;
}

/** Gives the covered addresses a level. A client address keeps its own: it reveals an institution whoever lives there. */
function classify(person: PersonEdit, level: ProtectionLevel): void {
  for (const part of COVERED) {
    const isOther = ({ addressConfidentiality: own }: JsonObject): boolean =>
      own !== level && own !== 'ClientAddress';
    person.alter(part, isOther, (content) => ({ ...content, addressConfidentiality: level }));
  }
}

/** Back into the register: a home for residents, and no forwarding address. */
function comeHome(
  set: ChangeSet,
  person: PersonEdit,
  level: ProtectionLevel,
  address: ChangeOf<'lift-protection'>['address'],
): void {
  person.end(
    'postalAddress',
    (element) => textAt(objectAt(element, 'postBoxAddress'), 'postBoxOwner') === FORWARDER,
  );
  if (statusOf(person) !== 'Resident' || person.current('residentialAddress').length > 0) return;
  person.replace('residentialAddress', residentialFields(homeOf(address, set.dice), level, set.moment));
}

function forwardingAddress(): JsonObject {
  return {
    addressConfidentiality: 'Unclassified',
    postBoxAddress: {
      postBoxOwner: FORWARDER,
      postBoxIdentification: 'Postboks 99999 Sentrum',
      city: { cityName: 'OSLO', postalCode: '0474' },
    },
  };
}

/** The stricter of two levels. */
export function higherProtection(one: ProtectionLevel, other: ProtectionLevel): ProtectionLevel {
  return LEVELS.indexOf(one) >= LEVELS.indexOf(other) ? one : other;
}
