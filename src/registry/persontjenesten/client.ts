import type { PersonDocument } from '../../mapping/person-document.js';
import type { NationalId } from '../../person/national-id.js';
import { oncePerObject } from '../../runtime/once-per-object.js';
import {
  countIn,
  documentIn,
  documentsFoundIn,
  documentsIn,
  idsFoundIn,
  isNobody,
  mustBeAnswer,
  mustNotRefuse,
} from './answers.js';
import type { ApiVersion } from './api-version.js';
import type { ApiCaller, ApiRequest, ApiResponse, Transport } from './transport.js';

/** What is asked of documents. */
export interface PartsAsked {
  readonly informationParts: readonly string[];
  readonly includeHistory: boolean;
}

/** A form field and its value. */
export type FormField = readonly [name: string, value: string];

/** Whom is searched for (persontjenesten-api 6). */
export interface Criteria {
  readonly fields: readonly FormField[];
  /** Whether people count who have nothing but a help number. */
  readonly includeAinResults: boolean;
}

/** The most ids or numbers that one call takes (persontjenesten-api 5). */
export const MOST_IDS = 100;

/** Persontjenesten's operations, in one of its versions (persontjenesten-api 5). Every one throws AdapterError for trouble. */
export class PersontjenestenClient {
  constructor(
    private readonly transport: Transport,
    readonly version: ApiVersion,
  ) {}

  /** The document of the person that the number belongs to; undefined when the register knows nobody by it. */
  async getByNin(
    nin: NationalId,
    request: PartsAsked,
    caller: ApiCaller,
  ): Promise<PersonDocument | undefined> {
    const response = await this.#post('person/get-by-nin', caller, {
      query: partsQuery(request),
      form: [['nin', nin]],
    });
    return documentUnlessNobody(response);
  }

  /** The document with that id; undefined when there is none. */
  async getById(id: string, request: PartsAsked, caller: ApiCaller): Promise<PersonDocument | undefined> {
    const response = await this.#send('GET', `person/${encodeURIComponent(id)}`, caller, {
      query: partsQuery(request),
      form: [],
    });
    return documentUnlessNobody(response);
  }

  /** The documents with those ids, at most {@link MOST_IDS}, in any order; unknown ones are missing. */
  async bulkById(
    ids: readonly string[],
    request: PartsAsked,
    caller: ApiCaller,
  ): Promise<readonly PersonDocument[]> {
    return this.#bulk('person/bulk-by-id', 'personIds', ids, request, caller);
  }

  /**
   * The documents of the people with those numbers, at most {@link MOST_IDS}, in any order; unknown ones are missing, and
   * two numbers of one person may give one document or two. Numbers of a kind that the version does not take are refused.
   */
  async bulkByNin(
    nins: readonly NationalId[],
    request: PartsAsked,
    caller: ApiCaller,
  ): Promise<readonly PersonDocument[]> {
    return this.#bulk('person/bulk-by-nin', 'nins', nins, request, caller);
  }

  async #bulk(
    operation: string,
    field: string,
    keys: readonly string[],
    request: PartsAsked,
    caller: ApiCaller,
  ): Promise<readonly PersonDocument[]> {
    const response = await this.#post(operation, caller, {
      query: partsQuery(request),
      form: keys.map((key) => [field, key] as const),
    });
    mustBeAnswer(response);
    return documentsIn(response);
  }

  /**
   * The people whom the criteria fit, as upstream chooses them when there are more than it tells of.
   * @throws InvalidQuery when upstream says that a criterion is wrong
   */
  async searchPersons(
    criteria: Criteria,
    informationParts: readonly string[],
    caller: ApiCaller,
  ): Promise<readonly PersonDocument[]> {
    const query = partsQuery({ informationParts, includeHistory: false });
    return documentsFoundIn(await this.#search('person', criteria, caller, { query }));
  }

  /** The ids of the first people whom the criteria fit, in upstream's order. @throws InvalidQuery as searchPersons does */
  async matchList(criteria: Criteria, most: number, caller: ApiCaller): Promise<readonly string[]> {
    const form: readonly FormField[] = [
      ['PageSize', String(most)],
      ['IndexOffset', '0'],
    ];
    return idsFoundIn(await this.#search('paged-match-list', criteria, caller, { form }));
  }

  /** How many people the criteria fit. @throws InvalidQuery as searchPersons does */
  async matchCount(criteria: Criteria, caller: ApiCaller): Promise<number> {
    return countIn(await this.#search('match-count', criteria, caller, {}));
  }

  async #search(
    operation: string,
    { fields, includeAinResults }: Criteria,
    caller: ApiCaller,
    { query = [], form = [] }: Partial<Pick<ApiRequest, 'query' | 'form'>>,
  ): Promise<ApiResponse> {
    const response = await this.#post(`search/${operation}`, caller, {
      query: [...query, ['includeAinResults', String(includeAinResults)]],
      form: [...fields, ...form],
    });
    mustNotRefuse(
      response,
      fields.map(([name]) => name),
    );
    mustBeAnswer(response);
    return response;
  }

  #post(
    operation: string,
    caller: ApiCaller,
    content: Pick<ApiRequest, 'query' | 'form'>,
  ): Promise<ApiResponse> {
    return this.#send('POST', operation, caller, content);
  }

  #send(
    method: ApiRequest['method'],
    operation: string,
    {
      access,
      organisation,
      clientId,
      lane = 'interactive',
      correlationId,
      signal,
      deadline,
      ...tries
    }: ApiCaller,
    content: Pick<ApiRequest, 'query' | 'form'>,
  ): Promise<ApiResponse> {
    const path = `${this.version.routes[access]}/${operation}`;
    return this.transport.send({
      method,
      path,
      ...content,
      access,
      organisation,
      clientId,
      lane,
      correlationId,
      signal,
      deadline,
      triedBefore: tries.triedBefore,
      isDivisible: tries.isDivisible,
    });
  }
}

const partsQuery = oncePerObject(({ informationParts, includeHistory }: PartsAsked): ApiRequest['query'] => [
  ...informationParts.map((part) => ['informationParts', part] as const),
  ['includeHistory', String(includeHistory)],
]);

function documentUnlessNobody(response: ApiResponse): PersonDocument | undefined {
  if (isNobody(response)) return undefined;
  mustBeAnswer(response);
  return documentIn(response);
}
