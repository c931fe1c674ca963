import type { NationalId } from '../../../person/national-id.js';
import type { PregPerson } from '../../../person/preg-person.js';
import type { LookupAnswer } from '../../../registry/person-registry.js';

/**
 * The people found, in the order in which their numbers were asked for. Two numbers of one person give one record where it is
 * that of the number in use.
 */
export function peopleTold(
  asked: readonly NationalId[],
  answers: ReadonlyMap<NationalId, LookupAnswer>,
): readonly PregPerson[] {
  const told = new Map<NationalId, PregPerson>();
  for (const id of asked) {
    const answer = answers.get(id);
    if (answer?.outcome === 'found') told.set(answer.person.nin, answer.person);
  }
  return [...told.values()];
}
