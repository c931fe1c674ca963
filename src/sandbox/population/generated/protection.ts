import { settle } from './basics.js';
import { postBox } from './addresses.js';
import type { Day } from './day.js';
import type { Dice } from './dice.js';
import { asSharedResidence, type Home } from './home.js';
import type { PersonDraft } from './person-draft.js';

/** Addresses that the protection of a person covers (persontjenesten-api 11, Confidentiality). */
const COVERED = ['residentialAddress', 'presentAddress', 'sharedResidence'] as const;

function protect(person: PersonDraft, since: Day, level: 'Confidential' | 'StrictlyConfidential'): void {
  person.replace('addressProtection', since, { protectionLevel: level });
}

/** Protected as confidential: the address is in the register and full-access delivers it. */
export function protectConfidentially(
  dice: Dice,
  person: PersonDraft,
  home: Home,
  since: Day,
  otherHome?: Home,
): void {
  protect(person, since, 'Confidential');
  person.annul('presentAddress');
  person.annul('sharedResidence');
  // Where the person lived before stays in the history, unclassified: today's protection has to cover it (Safety S1).
  settle(person, home, since, 'Confidential');
  if (otherHome !== undefined) {
    person.add('sharedResidence', since, asSharedResidence(otherHome, 'Confidential'));
  }
  postBox(dice, person, since);
}

/** Protected as strictly confidential: no home address is held, only the open one of whoever forwards the post. */
export function protectStrictly(dice: Dice, person: PersonDraft, since: Day): void {
  protect(person, since, 'StrictlyConfidential');
  for (const part of COVERED) person.annul(part);
  person.home = undefined;
  postBox(dice, person, since, 'SYNTETISK FORMIDLINGSKONTOR');
}

/**
 * Lives at an address with a level of its own while the person has none: a client address, which reveals an institution,
 * or a level on the address alone. Every level counts, wherever it stands (Safety S1).
 */
export function liveAtClassifiedAddress(person: PersonDraft, home: Home, since: Day, level: string): void {
  settle(person, home, since, level);
}
