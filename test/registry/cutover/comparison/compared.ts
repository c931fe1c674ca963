import { loadComparisonRules } from '../../../../src/registry/cutover/comparison/comparison-rules.js';
import type { Answered, FieldDifference } from '../../../../src/registry/cutover/comparison/comparer.js';
import { createComparer } from '../../../../src/registry/cutover/comparison/create-comparer.js';
import { targets } from '../../../../src/mapping/targets.js';
import type { FieldOrigin, Lineage } from '../../../../src/person/lineage.js';
import type { PregPerson } from '../../../../src/person/preg-person.js';
import type { SearchHit } from '../../../../src/registry/search.js';
import { mappingFolder } from '../../../support/person-documents.js';
import { pregPerson } from '../../../support/preg-person.js';
import { StandingClock } from '../../../support/standing-clock.js';

/** The rules as they are shipped. */
export const rules = await loadComparisonRules(mappingFolder);

/** The day on which all comparisons take place is 2022-11-22. */
export const comparer = createComparer(rules, new StandingClock('2022-11-22T12:00:00Z'));

/** Told by a source that can tell every field, but for some. */
export function hit(person: PregPerson, { not = [] }: { readonly not?: readonly string[] } = {}): SearchHit {
  return { person, lineage: lineageOf(person, not) };
}

function lineageOf(person: PregPerson, not: readonly string[]): Lineage {
  const lineage = new Map<string, FieldOrigin>();
  for (const row of targets.keys()) {
    if (not.includes(row)) continue;
    if (!row.startsWith('addresses.')) lineage.set(row, { row, sources: ['told'] });
    else {
      for (const index of person.addresses.keys()) {
        lineage.set(row.replace('addresses', `addresses[${index}]`), { row, sources: ['told'] });
        lineage.set(`addresses[${index}].mailing`, { row: 'addresses.addressLine1', sources: ['told'] });
      }
    }
  }
  return lineage;
}

/** The answer about a person that a source knows, or does not. */
export function found(known: SearchHit | undefined): Answered {
  return {
    question: 'lookup',
    answer: known === undefined ? { outcome: 'not-found' } : { outcome: 'found', ...known },
  };
}

/** In what lookups of two registers differ. */
export function differencesOf(
  old: SearchHit | undefined,
  fresh: SearchHit | undefined,
): readonly FieldDifference[] {
  return comparer.compare({ preg: found(old), persontjenesten: found(fresh) });
}

/** In what two people differ of whom both sources tell everything: field by field the reason, or `unexplained`. */
export function reasonsFor(old: Partial<PregPerson>, fresh: Partial<PregPerson>): Record<string, string> {
  return reasonsOf(differencesOf(hit(pregPerson(old)), hit(pregPerson(fresh))));
}

/** By field the reason, or `unexplained`. */
export function reasonsOf(differences: readonly FieldDifference[]): Record<string, string> {
  return Object.fromEntries(differences.map(({ field, reason }) => [field, reason ?? 'unexplained']));
}
