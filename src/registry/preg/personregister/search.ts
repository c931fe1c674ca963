import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import { InvalidQuery, PregRejected, TooManyHits } from '../../../errors/errors.js';
import type { Caller } from '../../person-registry.js';
import { bySearchOrder, isByAddress, type SearchAnswer, type SearchQuery } from '../../search.js';
import type { LookupParts } from './lookup.js';
import { searchParameters } from './search-parameters.js';
import type { ToldPeople, ToldPerson } from './told-people.js';

/** How long a page is asked for, and how many people are fetched to be put in order. */
const PER_PAGE = 100;
const MOST_FETCHED = 500;

/** People found, in PREG's order, and how many PREG says that there are. */
interface Fetched {
  readonly records: readonly ReadRecord[];
  readonly total: number;
}

/**
 * The people whom PREG finds. All of them are fetched, page by page, and put in the order of searches; of more than that the first
 * ones in PREG's own order, with PREG's total (Safety S4).
 * @throws InvalidQuery for criteria that PREG has no parameter for, and for a search that it did not serve; TooManyHits
 * where protected people would have to be left out of more than are fetched (Safety S2); PregRejected
 */
export async function searchPeople(
  parts: LookupParts,
  query: SearchQuery,
  caller: Caller,
): Promise<SearchAnswer> {
  const { people } = parts;
  const { records, total } = await fetchPeople(parts, query, caller);
  const found = eachOnce(
    people,
    records.map((record) => withNumber(people.read(record))),
  );
  // Who stands on two pages takes the place of somebody who stands on none.
  const isComplete = found.length >= total;
  const byAddress = isByAddress(query);
  if (byAddress && !isComplete) {
    throw new TooManyHits('more people fit than are fetched, and those in hiding have to be left out');
  }
  const told = byAddress ? found.filter(({ protection }) => protection === null) : found;
  const hits = told.map((person) => people.hit(person, 'current'));
  if (!isComplete) return { hits: hits.slice(0, query.limit), total };
  const ordered = hits.toSorted((a, b) => bySearchOrder(a.person, b.person));
  return { hits: ordered.slice(0, query.limit), total: hits.length };
}

async function fetchPeople({ service }: LookupParts, query: SearchQuery, caller: Caller): Promise<Fetched> {
  const records: ReadRecord[] = [];
  for (let page = 1; ; page += 1) {
    const result = await service.search(searchParameters(query, { page, resultsPerPage: PER_PAGE }), caller);
    const { total, persons } = pageIn(result);
    records.push(...persons);
    const wanted = total > MOST_FETCHED ? Math.min(query.limit, MOST_FETCHED) : total;
    if (records.length >= wanted) return { records, total };
    if (persons.length === 0)
      throw new PregRejected('wrong-answer', 'fewer people on the pages than in the total');
  }
}

interface PageTold {
  readonly persons: readonly ReadRecord[];
  readonly total: number;
}

/** What a page tells. A search that was not served must not look like nobody (Safety S3). */
function pageIn(result: ReadRecord): PageTold {
  const persons = (result.records('Persons') ?? []).filter((person) => person !== null);
  const status = result.record('Status');
  if (status === null) {
    throw new PregRejected('wrong-answer', 'a search that does not tell how many were found');
  }
  // Which codes there are is not public, but who finds people has served the search.
  if (persons.length === 0 && (status.number('Code') ?? 0) !== 0) {
    throw new InvalidQuery('parameters', 'PREG does not serve such a search');
  }
  return { persons, total: Math.max(status.number('TotalResults') ?? 0, persons.length) };
}

/** Nobody is left out without a word (Safety S4). */
function withNumber(told: ToldPerson | undefined): ToldPerson {
  if (told === undefined)
    throw new PregRejected('wrong-answer', 'a search that finds somebody without a number');
  return told;
}

/** A person whom two pages tell of is told of once, under whatever protects the person on either. */
function eachOnce(people: ToldPeople, found: readonly ToldPerson[]): readonly ToldPerson[] {
  const once = new Map<string, ToldPerson>();
  for (const told of found) {
    const known = once.get(told.person.nin);
    once.set(told.person.nin, known === undefined ? told : people.protectedAs(told, known));
  }
  return [...once.values()];
}
