import { setImmediate as turn } from 'node:timers/promises';
import type { JsonObject, JsonValue } from '../../src/mapping/json.js';
import { isCalendarDate } from '../../src/person/calendar-date.js';
import type { Caller } from '../../src/registry/person-registry.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { PersontjenestenRegistry } from '../../src/registry/persontjenesten/registry.js';
import type { ApiRequest, ApiResponse, Transport } from '../../src/registry/persontjenesten/transport.js';
import type { DayRange, SearchAnswer, SearchQuery } from '../../src/registry/search.js';
import { inUse, mappings } from '../support/person-documents.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { caller } from './registry-bench.js';
import { documentsOver } from '../support/documents-over.js';

/** Upstream's operations, as a search uses them. */
export type Operation = 'person' | 'paged-match-list' | 'match-count' | 'bulk-by-id' | 'by-id';

/** One call as a test looks at it. */
export interface SearchCall {
  readonly operation: Operation;
  readonly request: ApiRequest;
  /** Form fields but for ids and pages, in order of name. */
  readonly criteria: Readonly<Record<string, string>>;
  readonly ids: readonly string[];
  readonly parts: readonly string[];
  readonly history: boolean;
  readonly withHelpNumbers: boolean;
}

/** What upstream says to a call: the body of a 200, another answer, or trouble. */
export type Says = (call: SearchCall) => JsonValue | ApiResponse | Error;

/** The script of an upstream; what it is not prepared for fails the test. */
export type SearchScript = Partial<Record<Operation, Says>>;

export interface SearchBench {
  readonly calls: SearchCall[];
  readonly events: RecordedEvents;
  /** The most calls that were underway at once. */
  mostAtOnce: number;
  search(query: Partial<SearchQuery>, asking?: Caller): Promise<SearchAnswer>;
}

/** The registry over an upstream that follows a script. */
export function searchBench(script: SearchScript, version = apiVersions[3]): SearchBench {
  const calls: SearchCall[] = [];
  let open = 0;
  const events = new RecordedEvents();
  const transport: Transport = {
    send: async (request) => {
      const call = callOf(request);
      calls.push(call);
      open += 1;
      bench.mostAtOnce = Math.max(bench.mostAtOnce, open);
      await turn();
      open -= 1;
      const says = script[call.operation];
      const said = says === undefined ? new Error(`${call.operation} was not to be asked`) : says(call);
      if (said instanceof Error) throw said;
      return isResponse(said) ? said : { status: 200, headers: JSON_TYPE, body: JSON.stringify(said) };
    },
  };
  const registry = new PersontjenestenRegistry({
    ...documentsOver(transport, version),
    mappings,
    fill: 'faithful',
    clock: new StandingClock('2025-03-01T12:00:00Z'),
    events,
  });
  const bench: SearchBench = {
    calls,
    events,
    mostAtOnce: 0,
    search: (query, asking = caller()) =>
      registry.search({ withHelpNumbers: false, limit: 100, ...query }, asking),
  };
  return bench;
}

export const JSON_TYPE = { 'content-type': 'application/json' };

/** An answer in problem details. */
export function problem(status: number, members: JsonObject = {}): ApiResponse {
  return { status, headers: JSON_TYPE, body: JSON.stringify({ status, title: 'do-not-tell', ...members }) };
}

function isResponse(said: JsonValue | ApiResponse): said is ApiResponse {
  return typeof said === 'object' && said !== null && 'headers' in said && 'body' in said;
}

function callOf(request: ApiRequest): SearchCall {
  const valuesOf = (fields: ApiRequest['query'], wanted: string): readonly string[] =>
    fields.filter(([name]) => name === wanted).map(([, value]) => value);
  const own = ['personIds', 'PageSize', 'IndexOffset'];
  return {
    operation: operationOf(request.path),
    request,
    criteria: Object.fromEntries(request.form.filter(([name]) => !own.includes(name))),
    ids: valuesOf(request.form, 'personIds'),
    parts: valuesOf(request.query, 'informationParts'),
    history: valuesOf(request.query, 'includeHistory')[0] === 'true',
    withHelpNumbers: valuesOf(request.query, 'includeAinResults')[0] === 'true',
  };
}

function operationOf(path: string): Operation {
  const [kind, name] = path.split('/').slice(-2);
  const searches = ['person', 'paged-match-list', 'match-count', 'bulk-by-id'] as const;
  const found = searches.find((operation) => operation === name);
  if (found !== undefined) return found;
  if (kind === 'person') return 'by-id';
  throw new Error(`no operation of a search: ${path}`);
}

/** A person found: number and surname go by the index. */
export function someone(index: number, parts: JsonObject = {}): JsonObject & { readonly id: string } {
  return {
    id: `p${index}`,
    sequenceNumber: 1,
    norwegianIdentificationNumber: [inUse(syntheticNumber(index))],
    name: [{ isValid: true, givenName: 'Kari', familyName: `Nordmann${letters(index)}` }],
    ...parts,
  };
}

/** So many people. */
export function people(count: number, parts: JsonObject = {}): readonly (JsonObject & { id: string })[] {
  return Array.from({ length: count }, (_, index) => someone(index, parts));
}

/** Three letters in the order of the index. No `a`: two of them come last in Norwegian. */
function letters(index: number): string {
  return String(index)
    .padStart(3, '0')
    .replaceAll(/[0-9]/g, (digit) => String.fromCharCode(98 + Number(digit)));
}

/** What `search/person` says. */
export function found(documents: readonly JsonObject[]): JsonObject {
  return { results: documents, startIndex: 0, endIndex: Math.max(0, documents.length - 1) };
}

/** What `paged-match-list` says. */
export function listed(ids: readonly string[]): JsonObject {
  return { results: ids, startIndex: 0, endIndex: Math.max(0, ids.length - 1) };
}

/** Days from one to another; an empty text is an open end. */
export function days(from: string, to: string): DayRange {
  return {
    ...(isCalendarDate(from) ? { from } : {}),
    ...(isCalendarDate(to) ? { to } : {}),
  };
}

/** A query that upstream takes as it stands. */
export const ORDINARY = {
  name: { given: 'Kari', family: 'Nordmann' },
  birth: days('1980-03-04', '1980-03-04'),
} as const satisfies Partial<SearchQuery>;
