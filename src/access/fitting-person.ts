import type { NationalId } from '../person/national-id.js';
import type { PregPerson } from '../person/preg-person.js';
import { personFits, requireComparable } from '../registry/person-fits.js';
import { personOfAll } from '../registry/person-of-all.js';
import type { Caller, PersonRegistry } from '../registry/person-registry.js';
import type { SearchQuery } from '../registry/search.js';
import { requireVisibleCriteria } from './searched-groups.js';

/**
 * The one person that all numbers belong to and whom the other criteria fit as well.
 * @param isWanted whether the client is told of somebody whom they fit
 * @throws InvalidQuery for criteria that the client may not see, or that a record cannot tell of (Safety S3); the
 * AdapterError of the registry
 */
export async function fittingPerson(
  numbers: readonly NationalId[],
  criteria: SearchQuery,
  registry: PersonRegistry,
  caller: Caller,
  isWanted: (person: PregPerson) => boolean = () => true,
): Promise<PregPerson | 'nobody' | 'different'> {
  requireVisibleCriteria(criteria, caller);
  requireComparable(criteria);
  const isTold = (person: PregPerson): boolean => personFits(person, criteria) && isWanted(person);
  const person = await personOfAll(numbers, registry, caller, isTold);
  if (typeof person === 'string') return person;
  return isTold(person) ? person : 'nobody';
}
