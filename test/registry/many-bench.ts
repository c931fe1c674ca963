import { setImmediate as turn } from 'node:timers/promises';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../../src/mapping/json.js';
import type { NationalId } from '../../src/person/national-id.js';
import type {
  Caller,
  ChildrenAnswer,
  LookupAnswer,
  LookupManyQuery,
  RecordWanted,
} from '../../src/registry/person-registry.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { DocumentReferences } from '../../src/registry/persontjenesten/person-references.js';
import { PersontjenestenRegistry } from '../../src/registry/persontjenesten/registry.js';
import type { ApiRequest, ApiResponse, Transport } from '../../src/registry/persontjenesten/transport.js';
import { inUse, leavesOf, mappings, person } from '../support/person-documents.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { caller } from './registry-bench.js';
import { documentsOver } from '../support/documents-over.js';

/** One call as a test looks at it. */
export interface ManyCall {
  readonly operation: string;
  readonly nins: readonly string[];
  readonly parts: readonly string[];
  readonly history: boolean;
}

/** What becomes of upstream's answer to a call. */
export type Upset = (call: ManyCall, documents: readonly JsonObject[]) => readonly JsonObject[] | Error;

/** The registry over an upstream that has some people. */
export interface ManyBench {
  readonly calls: ManyCall[];
  readonly events: RecordedEvents;
  /** The most calls that were underway at once. */
  mostAtOnce: number;
  lookup(id: NationalId, wanted?: RecordWanted, asking?: Caller): Promise<LookupAnswer>;
  lookupMany(query: LookupManyQuery, asking?: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>>;
  children(id: NationalId, asking?: Caller): Promise<ChildrenAnswer>;
  referencesOf(numbers: readonly NationalId[]): Promise<ReadonlyMap<NationalId, string>>;
}

export function manyBench(
  people: readonly JsonObject[],
  upset: Upset = (_, found) => found,
  version = apiVersions[3],
  over = documentsOver,
): ManyBench {
  const calls: ManyCall[] = [];
  const events = new RecordedEvents();
  let open = 0;
  const known = people.map((document) => ({ document, numbers: numbersOf(document) }));
  const transport: Transport = {
    send: async (request) => {
      const call = callOf(request);
      calls.push(call);
      open += 1;
      bench.mostAtOnce = Math.max(bench.mostAtOnce, open);
      await turn();
      open -= 1;
      const found = known
        .filter(({ numbers }) => call.nins.some((nin) => numbers.has(nin)))
        .map(({ document }) => seen(document, call));
      const answer = upset(call, found);
      if (answer instanceof Error) throw answer;
      return call.operation === 'get-by-nin' ? one(answer) : ok(answer);
    },
  };
  const parts = over(transport, version);
  const registry = new PersontjenestenRegistry({
    ...parts,
    mappings,
    fill: 'faithful',
    clock: new StandingClock('2025-03-01T12:00:00Z'),
    events,
  });
  const bench: ManyBench = {
    calls,
    events,
    mostAtOnce: 0,
    lookup: (id, wanted = {}, asking = caller()) => registry.lookup({ ...wanted, id }, asking),
    lookupMany: (query, asking = caller()) => registry.lookupMany(query, asking),
    children: (id, asking = caller()) => registry.children(id, asking),
    referencesOf: (numbers) => new DocumentReferences(parts.upstream).referencesOf(numbers, caller()),
  };
  return bench;
}

/** Somebody with the number of that index, an id and a name that tell it. */
export function someone(index: number, parts: JsonObject = {}): JsonObject {
  return person({
    id: `e${index}`,
    norwegianIdentificationNumber: [inUse(syntheticNumber(index))],
    name: [{ isValid: true, validFrom: '2000-01-01', givenName: `Navn${index}` }],
    ...parts,
  });
}

function callOf({ path, query, form }: ApiRequest): ManyCall {
  return {
    operation: path.slice(path.lastIndexOf('/') + 1),
    nins: form.filter(([name]) => name === 'nin' || name === 'nins').map(([, value]) => value),
    parts: query.filter(([name]) => name === 'informationParts').map(([, value]) => value),
    history: query.some(([name, value]) => name === 'includeHistory' && value === 'true'),
  };
}

function numbersOf(document: JsonObject): ReadonlySet<string> {
  const lists = ['norwegianIdentificationNumber', 'immigrationAuthoritiesIdentificationNumber'];
  return new Set(lists.flatMap((list) => leavesOf(document[list])));
}

/** The parts asked for, without former elements unless they are asked for. */
function seen(document: JsonObject, { parts, history }: ManyCall): JsonObject {
  const isAsked = (name: string): boolean => parts.includes(name.charAt(0).toUpperCase() + name.slice(1));
  const shown = (value: JsonValue): boolean => history || !isJsonObject(value) || value['isValid'] !== false;
  return Object.fromEntries(
    Object.entries(document)
      .filter(([name]) => name === 'id' || isAsked(name))
      .map(([name, value]) => [name, isJsonList(value) ? value.filter(shown) : value]),
  );
}

const headers = { 'content-type': 'application/json' };

function ok(body: JsonValue): ApiResponse {
  return { status: 200, headers, body: JSON.stringify(body) };
}

function one([document]: readonly JsonObject[]): ApiResponse {
  if (document !== undefined) return ok(document);
  return { status: 404, headers, body: '{"title":"Not Found","status":404,"detail":"No person found"}' };
}
