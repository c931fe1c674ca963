import { InvalidQuery, TooManyHits } from '../../../errors/errors.js';
import type { PersonRegistry } from '../../../registry/person-registry.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import { refusedSearchRecord, searchResultRecord } from '../search-result-record.js';
import type { AnswerSettings } from './answer-settings.js';
import type { OperationAnswer, OperationCall, PersonOperation } from './operation.js';
import { peopleSought } from './search-query.js';
import { inTermsOfSearch } from './searched-members.js';

const NARROW = 'More people fit than can be told. Narrow the search.';

/**
 * Search: a page of the people whom all criteria fit, and how many there are (contract 1.3, Q8). A page is whole or a fault: people
 * who are left out of one page are on no other (Safety S4).
 */
export class Search implements PersonOperation {
  constructor(
    private readonly registry: PersonRegistry,
    private readonly settings: AnswerSettings,
  ) {}

  /**
   * A search that cannot be served is a fault, unless the client's quirk says otherwise (Safety S3, Q7).
   * @throws InvalidQuery, TooManyHits, or another AdapterError
   */
  async answer(request: ReadRecord, call: OperationCall): Promise<OperationAnswer> {
    const parameters = request.record('parameters');
    try {
      return await this.#answer(parameters, call);
    } catch (error) {
      const refusal = error instanceof InvalidQuery ? inTermsOfSearch(error, parameters) : error;
      if (call.client.quirks.refusedSearch === 'fault' || !isRefusal(refusal)) throw refusal;
      return { result: refusedSearchRecord(reasonOf(refusal)), outcome: refusal.code };
    }
  }

  async #answer(parameters: ReadRecord | null, call: OperationCall): Promise<OperationAnswer> {
    const { criteria, page, resultsPerPage } = peopleSought(parameters, this.settings.resultsPerPage);
    const limit = page * resultsPerPage;
    const { hits, total } = await this.registry.search({ ...criteria, limit }, call.caller);
    // Beyond what the source can put in order, nobody can tell who comes next.
    if (hits.length < Math.min(limit, total))
      throw new TooManyHits('the page is beyond what can be put in order');
    const persons = hits.slice(limit - resultsPerPage).map(({ person }) => person);
    const result = searchResultRecord(
      { persons, page, resultsPerPage, totalResults: total },
      this.settings.blankStringAs,
    );
    if (call.replyLength(result) > call.client.quirks.maxReplyBytes) {
      throw new InvalidQuery(
        'ResultsPerPage',
        'the page is longer than the client reads; ask for shorter ones',
      );
    }
    call.describe(persons.map(({ nin }) => nin));
    return { result, outcome: total === 0 ? 'not-found' : 'found' };
  }
}

function isRefusal(error: unknown): error is InvalidQuery | TooManyHits {
  return error instanceof InvalidQuery || error instanceof TooManyHits;
}

/** Ours in every word, so that nothing of what was searched for comes back. */
function reasonOf(refusal: InvalidQuery | TooManyHits): string {
  return refusal instanceof InvalidQuery ? `${refusal.parameter}: ${refusal.problem}.` : NARROW;
}
