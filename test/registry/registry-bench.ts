import type { JsonObject } from '../../src/mapping/json.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { Caller, LookupAnswer } from '../../src/registry/person-registry.js';
import { PersontjenestenRegistry } from '../../src/registry/persontjenesten/registry.js';
import type { ApiRequest, ApiResponse, Transport } from '../../src/registry/persontjenesten/transport.js';
import { mappings } from '../support/person-documents.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';
import { CORRELATION_ID } from './transport-bench.js';
import { documentsOver } from '../support/documents-over.js';

/** Somebody who may see everything. */
export function caller(parts: Partial<Caller> = {}): Caller {
  return {
    clientId: 'epj-1',
    organisation: { parent: '310000027' },
    access: 'full',
    visible: new Set(fieldGroups),
    correlationId: CORRELATION_ID,
    signal: new AbortController().signal,
    ...parts,
  };
}

/** One call as a test looks at it. */
export interface Asked {
  readonly nin: string | undefined;
  readonly parts: readonly string[];
  readonly history: boolean;
}

export function asked({ form, query }: ApiRequest): Asked {
  return {
    nin: form.find(([name]) => name === 'nin')?.[1],
    parts: query.filter(([name]) => name === 'informationParts').map(([, value]) => value),
    history: query.some(([name, value]) => name === 'includeHistory' && value === 'true'),
  };
}

/** What upstream has: a document, nobody, or trouble. */
export type Upstream = (request: Asked) => JsonObject | 'nobody' | Error;

export interface RegistryBench {
  readonly calls: Asked[];
  readonly events: RecordedEvents;
  lookup(id: NationalId, asking?: Caller): Promise<LookupAnswer>;
}

/** The registry over an upstream of the test's making. */
export function registryBench(upstream: Upstream, fill: 'faithful' | 'rich' = 'faithful'): RegistryBench {
  const calls: Asked[] = [];
  const events = new RecordedEvents();
  const transport: Transport = {
    send: (request) => {
      const question = asked(request);
      calls.push(question);
      const answer = upstream(question);
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve(answer === 'nobody' ? nobody : found(answer));
    },
  };
  const registry = new PersontjenestenRegistry({
    ...documentsOver(transport),
    mappings,
    fill,
    clock: new StandingClock('2025-03-01T12:00:00Z'),
    events,
  });
  return { calls, events, lookup: (id, asking = caller()) => registry.lookup({ id }, asking) };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const nobody: ApiResponse = {
  status: 404,
  headers: JSON_TYPE,
  body: '{"title":"Not Found","status":404,"detail":"No person found"}',
};

function found(document: JsonObject): ApiResponse {
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify(document) };
}
