import type { Difference } from './difference.js';
import { withWhatPregAloneKnew } from './known-to-preg-alone.js';
import { bornOnAnotherDay, inAnotherMunicipality, withParentsSwapped } from './mistakes.js';
import { openInPreg, protectedInPreg } from './other-protection.js';
import { inOtherSpelling, withAbbreviatedStreets, withCutTexts, withNoise } from './same-otherwise.js';
import {
  beforeChangeOfStatus,
  beforeMarriage,
  beforeMove,
  beforeNameChange,
  withoutSupersededNumbers,
} from './state-before.js';

/** Every way in which the sandbox's PREG may differ, by its name (docs/sandbox.md). */
export const differences = {
  noise: { expectation: 'equal', of: withNoise },
  spelling: { expectation: 'equal', of: inOtherSpelling },
  abbreviation: { expectation: 'equal', of: withAbbreviatedStreets },
  'cut-text': { expectation: 'expected', of: withCutTexts },
  'former-name': { expectation: 'expected', of: beforeNameChange },
  'former-address': { expectation: 'expected', of: beforeMove },
  'former-status': { expectation: 'expected', of: beforeChangeOfStatus },
  'former-marital-status': { expectation: 'expected', of: beforeMarriage },
  'former-numbers': { expectation: 'expected', of: withoutSupersededNumbers },
  'only-preg-knows': { expectation: 'expected', of: withWhatPregAloneKnew },
  // Nothing may explain away that the new register shows somebody whom PREG hides.
  'protected-in-preg': { expectation: 'unexplained', of: protectedInPreg },
  'open-in-preg': { expectation: 'expected', of: openInPreg },
  'birth-date': { expectation: 'unexplained', of: bornOnAnotherDay },
  parents: { expectation: 'unexplained', of: withParentsSwapped },
  municipality: { expectation: 'unexplained', of: inAnotherMunicipality },
  missing: { expectation: 'unexplained', of: () => 'nobody' },
} as const satisfies Readonly<Record<string, Difference>>;

export type DifferenceName = keyof typeof differences;

/** The names, in the order of the table above. */
export const differenceNames: readonly DifferenceName[] = namesOf(differences);

function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] {
  const isName = (name: string): name is Name => Object.hasOwn(table, name);
  return Object.keys(table).filter(isName);
}
