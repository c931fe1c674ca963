/** What an answer of Persontjenesten has to be before anything in it counts (persontjenesten-api 5.1). */
import { z } from 'zod';
import {
  InvalidQuery,
  UpstreamForbidden,
  UpstreamInvalidAnswer,
  UpstreamRejected,
} from '../../errors/errors.js';
import { isJsonList, isJsonObject, memberOf, parseJson, type JsonValue } from '../../mapping/json.js';
import { parsePersonDocument, personDocumentOf, type PersonDocument } from '../../mapping/person-document.js';
import { mustBeServed } from './calls/served.js';
import type { ApiResponse } from './transport.js';

/** The one document of an answer. @throws UpstreamInvalidAnswer */
export function documentIn({ body }: ApiResponse): PersonDocument {
  const document = parsePersonDocument(body);
  if (document === undefined) throw new UpstreamInvalidAnswer('the answer is not a Person document');
  return document;
}

/** The documents of an answer that is a list of them. @throws UpstreamInvalidAnswer */
export function documentsIn(response: ApiResponse): readonly PersonDocument[] {
  return documentsAmong(parseJson(response.body));
}

/** The documents that a search gives (PersonSearchResult). @throws UpstreamInvalidAnswer */
export function documentsFoundIn(response: ApiResponse): readonly PersonDocument[] {
  return documentsAmong(resultsIn(response));
}

function documentsAmong(list: JsonValue | undefined): readonly PersonDocument[] {
  if (!isJsonList(list)) throw new UpstreamInvalidAnswer('the answer is not a list of Person documents');
  return list.map((entry) => {
    const document = isJsonObject(entry) ? personDocumentOf(entry) : undefined;
    if (document === undefined) throw new UpstreamInvalidAnswer('an entry is not a Person document');
    return document;
  });
}

/** The longest id that there is (persontjenesten-api 5). */
const LONGEST_ID = 64;

/** The ids that a search gives (StringSearchResult). @throws UpstreamInvalidAnswer */
export function idsFoundIn(response: ApiResponse): readonly string[] {
  const list = resultsIn(response);
  if (!isJsonList(list)) throw new UpstreamInvalidAnswer('the answer is not a list of ids');
  return list.map((entry) => {
    // A comma would make two ids of one where several are sent.
    if (typeof entry !== 'string' || !/^[^\s,]+$/.test(entry) || entry.length > LONGEST_ID) {
      throw new UpstreamInvalidAnswer('an entry is not an id');
    }
    return entry;
  });
}

/** The number that `match-count` gives. @throws UpstreamInvalidAnswer */
export function countIn(response: ApiResponse): number {
  const answer = parseJson(response.body);
  const count = isJsonObject(answer) ? memberOf(answer, 'matchCount') : undefined;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
    throw new UpstreamInvalidAnswer('the answer is not a count');
  }
  return count;
}

/** A list that is missing or null is no empty one: nobody was told of (Safety S3). */
function resultsIn(response: ApiResponse): JsonValue | undefined {
  const answer = parseJson(response.body);
  return isJsonObject(answer) ? memberOf(answer, 'results') : undefined;
}

/** @throws AdapterError for anything but 200 with JSON. */
export function mustBeAnswer(response: ApiResponse): void {
  mustBeSuccess(response);
  mustBeJson(response);
}

function mustBeSuccess(response: ApiResponse): void {
  const { status } = response;
  if (status === 200) return;
  mustBeServed(response);
  if (status === 401 || status === 403) throw new UpstreamForbidden(`status ${status}`);
  // A redirect would carry token and number to a place that nobody configured.
  if (status < 400) throw new UpstreamInvalidAnswer(`status ${status}`);
  throw new UpstreamRejected(`status ${status}`);
}

function isJson({ headers }: ApiResponse): boolean {
  return /^application\/(?:[a-z0-9.+-]*\+)?json\b/i.test(headers['content-type'] ?? '');
}

function mustBeJson(response: ApiResponse): void {
  if (!isJson(response)) {
    throw new UpstreamInvalidAnswer(`status ${response.status} with an answer that is not JSON`);
  }
}

/** Problem details (RFC 9457) about a 404: every member may be null or missing, but not all, and none may disagree. */
const nobody = z
  .looseObject({
    status: z.literal(404).nullish(),
    title: z.string().nullish(),
    detail: z.string().nullish(),
  })
  .refine(({ status, title, detail }) => (status ?? title ?? detail ?? null) !== null);

/**
 * Whether the register itself says that it knows nobody. A 404 that is not the register's own means a wrong address or a
 * gateway, never "nobody" ("Decided" 8).
 * @throws UpstreamInvalidAnswer for such a 404
 */
export function isNobody(response: ApiResponse): boolean {
  if (response.status !== 404) return false;
  mustBeJson(response);
  if (!nobody.safeParse(parseJson(response.body)).success) {
    throw new UpstreamInvalidAnswer('status 404 without problem details');
  }
  return true;
}

/** Problem details about a 400 that say which parameters are wrong. */
const refusal = z.looseObject({
  status: z.literal(400).nullish(),
  errors: z.record(z.string(), z.unknown()),
});

/**
 * A 400 that names nothing but criteria is about the question; any other is about how it was put.
 * @param criteria names of the form fields that were sent
 * @throws InvalidQuery in the first case
 */
export function mustNotRefuse(response: ApiResponse, criteria: readonly string[]): void {
  if (response.status !== 400 || !isJson(response)) return;
  const problem = refusal.safeParse(parseJson(response.body));
  const named = problem.success ? Object.keys(problem.data.errors) : [];
  if (named.length > 0 && named.every((name) => criteria.includes(name))) {
    throw new InvalidQuery('search', 'refused by the new register');
  }
}
