import type { NationalId } from '../person/national-id.js';
import type { PregPerson } from '../person/preg-person.js';
import type { Caller, PersonRegistry } from './person-registry.js';

/** More numbers than anybody has; a longer list is not a question about one person. */
export const MAX_NUMBERS = 10;

/**
 * The one person that all numbers belong to (preg-hl7v3 question 16).
 * @param isTold whether the client is told of that person
 * @throws AdapterError of the registry
 */
export async function personOfAll(
  ids: readonly NationalId[],
  registry: PersonRegistry,
  caller: Caller,
  isTold: (person: PregPerson) => boolean = () => true,
): Promise<PregPerson | 'nobody' | 'different'> {
  const last = ids.at(-1);
  if (last === undefined) return 'nobody';
  const others = await Promise.all(ids.slice(0, -1).map((id) => registry.lookup({ id, isTold: no }, caller)));
  const isSame = ({ nin }: PregPerson): boolean =>
    others.every((other) => other.outcome === 'found' && other.person.nin === nin);
  // By itself, since whether the person is told depends on the others.
  const answer = await registry.lookup({ id: last, isTold: (one) => isSame(one) && isTold(one) }, caller);
  if (answer.outcome === 'found') return isSame(answer.person) ? answer.person : 'different';
  return others.some(({ outcome }) => outcome === 'found') ? 'different' : 'nobody';
}

const no = (): boolean => false;
