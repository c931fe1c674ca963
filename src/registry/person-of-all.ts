import type { NationalId } from '../person/national-id.js';
import type { PregPerson } from '../person/preg-person.js';
import type { Caller, PersonRegistry } from './person-registry.js';

/** More numbers than anybody has; a longer list is not a question about one person. */
export const MAX_NUMBERS = 10;

/** The one person that all numbers belong to (preg-hl7v3 question 16). @throws AdapterError of the registry */
export async function personOfAll(
  ids: readonly NationalId[],
  registry: PersonRegistry,
  caller: Caller,
): Promise<PregPerson | 'nobody' | 'different'> {
  const answers = await Promise.all(ids.map((id) => registry.lookup({ id }, caller)));
  const persons = answers.flatMap((answer) => (answer.outcome === 'found' ? [answer.person] : []));
  const [first, ...others] = persons;
  if (first === undefined) return 'nobody';
  const same = persons.length === ids.length && others.every(({ nin }) => nin === first.nin);
  return same ? first : 'different';
}
