import { InvalidQuery, TooManyHits } from '../../../errors/errors.js';
import type { CalendarDate } from '../../../person/calendar-date.js';
import type { NationalId } from '../../../person/national-id.js';
import type { Caller, PersonRegistry } from '../../../registry/person-registry.js';
import type { SearchAnswer } from '../../../registry/search.js';
import type { InputRow } from '../record.js';
import { scoreOf } from './candidate-score.js';
import type { PersonFields } from './person-fields.js';
import { searchQuestions } from './search-questions.js';
import { counts, verdictOn, type Candidate, type Thresholds, type Verdict } from './verdict.js';

/** As many hits as are judged; with more the name tells too little. Upstream gives no more with one call. */
const MOST_HITS = 100;
/** As many candidates as the output can tell. */
const MOST_TOLD = 999;

/** What a search takes. */
export interface PersonSearchParts {
  readonly registry: Pick<PersonRegistry, 'search'>;
  readonly fields: PersonFields;
  readonly thresholds: Thresholds;
}

/** What came of it; 51 where it could not be asked. */
export type SearchFinding = Verdict | { readonly status: '51' };

/**
 * Searches for the person of a row by name and birth date, never by anything of an address (Safety S2). People who have
 * nothing but a help number are found by it alone, not by a search: a second record of somebody who has a number by now
 * would make every hit ambiguous.
 */
export class PersonSearch {
  constructor(private readonly parts: PersonSearchParts) {}

  /** @throws what the registry fails with, but for questions that it refuses and hits that it cannot count */
  async find(row: InputRow, caller: Caller): Promise<SearchFinding> {
    const { dateOfBirth } = row;
    const { asTold, further } = searchQuestions(row);
    if (dateOfBirth === null || asTold.length === 0) return { status: '51' };
    const candidates = new Map<NationalId, Candidate>();
    let isRefused = false;
    for (const name of [...asTold, ...further]) {
      if (!asTold.includes(name) && this.#hasFound(candidates)) break;
      const answer = await this.#ask(name, dateOfBirth, caller);
      if (answer === 'refused') isRefused = true;
      else if (answer.total > MOST_HITS)
        return { status: '30', candidates: Math.min(answer.total, MOST_TOLD) };
      else for (const candidate of this.#judged(answer, row)) candidates.set(candidate.person.nin, candidate);
    }
    // What was not asked is not known to be nobody (Safety S3).
    if (isRefused && !this.#hasFound(candidates)) return { status: '51' };
    return verdictOn([...candidates.values()], this.parts.thresholds);
  }

  async #ask(full: string, day: CalendarDate, caller: Caller): Promise<SearchAnswer | 'refused'> {
    const query = { name: { full }, birth: { from: day, to: day }, withHelpNumbers: false, limit: MOST_HITS };
    try {
      return await this.parts.registry.search(query, caller);
    } catch (error) {
      if (error instanceof InvalidQuery) return 'refused';
      if (error instanceof TooManyHits) return { hits: [], total: Number.POSITIVE_INFINITY };
      throw error;
    }
  }

  #judged({ hits }: SearchAnswer, row: InputRow): readonly Candidate[] {
    const { fields } = this.parts;
    return hits.map(({ person }) => ({ person, score: scoreOf(row, person, fields.sexOf(person)) }));
  }

  #hasFound(candidates: ReadonlyMap<NationalId, Candidate>): boolean {
    return [...candidates.values()].some(({ score }) => counts(score, this.parts.thresholds));
  }
}
