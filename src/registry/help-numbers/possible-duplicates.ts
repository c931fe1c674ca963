import { InvalidQuery, TooManyHits } from '../../errors/errors.js';
import { isCalendarDate } from '../../person/calendar-date.js';
import type { HelpNumberRecord } from '../../person/help-number-record.js';
import type { NationalId } from '../../person/national-id.js';
import type { Caller, PersonRegistry } from '../person-registry.js';
import type { SearchQuery } from '../search.js';
import { folded } from '../folding.js';
import type { HelpNumberRepository } from './help-number-repository.js';
import { traitsOf } from './traits.js';

/** Names and a birth date: as much of a person as is compared. */
interface Identity {
  readonly given: string | null;
  readonly middle: string | null;
  readonly family: string | null;
  readonly birth: string | null;
}

/** More people of one name and birth date than this need not be told of in a warning. */
const MOST_HITS = 100;

/**
 * People in the source who have the name and birth date of a record. A search that the source does not serve means only
 * that it cannot be told; so does a client that may not see what would be searched by.
 * @throws AdapterError for trouble
 */
export async function duplicatesIn(
  source: PersonRegistry,
  record: HelpNumberRecord,
  caller: Caller,
): Promise<readonly NationalId[]> {
  const { given, family } = record.name;
  const { birth } = record;
  if (given === null || family === null || birth === null || !isCalendarDate(birth)) return [];
  if (!caller.visible.has('names') || !caller.visible.has('birth')) return [];
  const query: SearchQuery = {
    name: { given, family },
    birth: { from: birth, to: birth },
    withHelpNumbers: true,
    limit: MOST_HITS,
  };
  try {
    const { hits } = await source.search(query, {
      ...caller,
      visible: new Set(['identity', 'names', 'birth']),
    });
    return hits
      .filter(({ person }) =>
        isSame(identityOf(record), {
          given: person.givenName,
          middle: person.middleName,
          family: person.sn,
          birth: person.dateOfBirth,
        }),
      )
      .map(({ person }) => person.nin);
  } catch (error) {
    if (error instanceof InvalidQuery || error instanceof TooManyHits) return [];
    throw error;
  }
}

/** People of this register who have the name and birth date of a record. @throws StoreFailed */
export function ownDuplicates(
  repository: HelpNumberRepository,
  record: HelpNumberRecord,
): readonly NationalId[] {
  const { birth, name } = record;
  if (birth === null || [name.given, name.family].every((part) => part === null)) return [];
  const compared = { ...record, name: { ...name, middle: null }, addresses: [] };
  const traits = traitsOf(compared).map((trait) => [trait]);
  const found: NationalId[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const page = repository.people(traits, after);
    for (const entry of page.entries) {
      if (isSame(identityOf(record), identityOf(entry.record))) found.push(entry.number);
    }
    after = page.next;
  }
  return found;
}

function identityOf({ name, birth }: HelpNumberRecord): Identity {
  return { ...name, birth };
}

/** Case aside, nothing is taken for the same that is not; but a middle name is often left out. */
function isSame(a: Identity, b: Identity): boolean {
  return (
    a.birth === b.birth &&
    isSameText(a.given, b.given) &&
    isSameText(a.family, b.family) &&
    (a.middle === null || b.middle === null || isSameText(a.middle, b.middle))
  );
}

function isSameText(a: string | null, b: string | null): boolean {
  return folded(a ?? '') === folded(b ?? '');
}
