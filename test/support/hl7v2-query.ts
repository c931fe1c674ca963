import type { Hl7v2Operation } from '../../src/legacy/hl7v2/operation.js';
import { createHl7v2Operations } from '../../src/legacy/hl7v2/operations/create-operations.js';
import { RefusedMessage } from '../../src/legacy/hl7v2/refused-message.js';
import type { Continuations, KeptHits } from '../../src/legacy/hl7v2/continuation.js';
import type { Hl7Version } from '../../src/legacy/hl7v2/message/header.js';
import type { Hl7Message, Hl7Segment } from '../../src/legacy/hl7v2/message/message.js';
import type { Hl7v2Call } from '../../src/legacy/hl7v2/operation.js';
import { fieldGroups, type FieldGroup } from '../../src/person/field-groups.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import type { LookupAnswer, PersonRegistry } from '../../src/registry/person-registry.js';
import type { SearchQuery } from '../../src/registry/search.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from './counted-random.js';
import { lineOf, messageOf } from './hl7v2-segments.js';
import { mappings } from './person-documents.js';
import { noQuirks } from './quirks.js';
import { registryStub } from './registry-stub.js';

/** What a query meets. */
export interface QuerySetting {
  /** Whom a search finds. */
  readonly people?: readonly PregPerson[];
  /** How many there are in all; as many as there are people when it is left out. */
  readonly total?: number;
  /** Whom each number belongs to. When it is left out: whoever has it among `people`. */
  readonly known?: ReadonlyMap<string, PregPerson>;
  readonly visible?: readonly FieldGroup[];
  readonly version?: Hl7Version;
  readonly clientId?: string;
  readonly registry?: Partial<PersonRegistry>;
  /** What stands before the registry. */
  readonly behind?: (registry: PersonRegistry) => PersonRegistry;
  readonly continuations?: Continuations;
  readonly maxHits?: number;
  readonly identifierTypes?: 'hl7' | 'volven';
  readonly receivedAt?: string;
}

/** How a query was answered. */
export interface QueryAnswer {
  readonly outcome: string;
  /** The segments behind MSH and MSA, as lines. */
  readonly lines: readonly string[];
  /** What the registry was asked. */
  readonly searches: readonly SearchQuery[];
  readonly lookups: readonly NationalId[];
  readonly manyLookups: readonly (readonly NationalId[])[];
  /** What the audit trail was told, last. */
  readonly subjects: readonly NationalId[];
}

/** Has the operation for a message of that type answer it. @throws whatever it is refused with */
export async function askHl7v2(
  type: 'QBP^Q22' | 'QRY^A19' | 'QCN^J01',
  lines: readonly string[],
  setting: QuerySetting = {},
): Promise<QueryAnswer> {
  const searches: SearchQuery[] = [];
  const lookups: NationalId[] = [];
  const manyLookups: (readonly NationalId[])[] = [];
  const { people = [], total = people.length } = setting;
  const answerFor = (id: NationalId): LookupAnswer => {
    const person = setting.known?.get(id) ?? people.find(({ nin }) => nin === id);
    return person === undefined ? { outcome: 'not-found' } : { outcome: 'found', person, lineage: new Map() };
  };
  const registry = registryStub({
    search: (query) => {
      searches.push(query);
      const hits = people.slice(0, query.limit).map((person) => ({ person, lineage: new Map() }));
      return Promise.resolve({ hits, total });
    },
    lookup: ({ id }) => {
      lookups.push(id);
      return Promise.resolve(answerFor(id));
    },
    lookupMany: ({ ids }) => {
      manyLookups.push(ids);
      return Promise.resolve(new Map(ids.map((id) => [id, answerFor(id)])));
    },
    ...setting.registry,
  });
  let subjects: readonly NationalId[] = [];
  const call = callBy(setting, (told) => {
    subjects = told;
  });
  const answer = await operationNamed(type, setting.behind?.(registry) ?? registry, setting).answer(
    messageOf(...lines),
    call,
  );
  return {
    outcome: answer.outcome,
    lines: answer.segments.map(lineOf),
    searches,
    lookups,
    manyLookups,
    subjects,
  };
}

/** What is answered besides MSH, MSA and ERR when a message is refused. */
export function refusalLines(
  type: 'QBP^Q22' | 'QRY^A19' | 'QCN^J01',
  lines: readonly string[],
  acknowledgement: 'AE' | 'AR' = 'AE',
): readonly string[] {
  return refusalFor(type, messageOf(...lines), acknowledgement).map(lineOf);
}

/** The same for a message. */
export function refusalFor(
  type: 'QBP^Q22' | 'QRY^A19' | 'QCN^J01',
  message: Hl7Message,
  acknowledgement: 'AE' | 'AR' = 'AE',
): readonly Hl7Segment[] {
  return operationNamed(type, registryStub({}), {}).refusal(message, acknowledgement);
}

/** How a message is refused, `AE code SEG^1^2 text`; undefined when it is answered. Other errors are thrown. */
export async function refusalOf(
  type: 'QBP^Q22' | 'QRY^A19' | 'QCN^J01',
  lines: readonly string[],
  setting: QuerySetting = {},
): Promise<string | undefined> {
  try {
    await askHl7v2(type, lines, setting);
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusedMessage)) throw error;
    const { acknowledgement, error: told } = error;
    const { segment, sequence, field, repetition, component } = told.location ?? {
      segment: '',
      sequence: 0,
    };
    const place = [segment, sequence, field, repetition, component].map((part) => part ?? '').join('^');
    return `${acknowledgement} ${told.code} ${place.replace(/\^+$/, '')} ${told.text}`;
  }
}

/** Continuations in memory, without bound or end. */
export function rememberedContinuations(): Continuations & { readonly kept: Map<string, KeptHits> } {
  const kept = new Map<string, KeptHits>();
  return {
    kept,
    keep: (hits) => {
      const name = `kept${kept.size + 1}`;
      kept.set(name, hits);
      return name;
    },
    find: (clientId, name) => {
      const hits = kept.get(name);
      return hits?.clientId === clientId ? hits : undefined;
    },
    endQuery: (clientId, queryTag) => {
      const ended = [...kept].filter(([, hits]) => hits.clientId === clientId && hits.queryTag === queryTag);
      for (const [name] of ended) kept.delete(name);
      return ended.length;
    },
  };
}

function operationNamed(type: string, registry: PersonRegistry, setting: QuerySetting): Hl7v2Operation {
  const operations = createHl7v2Operations({
    registry,
    continuations: setting.continuations ?? rememberedContinuations(),
    codes: mappings.codes,
    countries: mappings.countries,
    settings: {
      identifierTypes: setting.identifierTypes ?? 'hl7',
      pageSize: 20,
      maxHits: setting.maxHits ?? 1000,
      continuationMinutes: 10,
    },
  });
  const operation = operations.find(({ name }) => name === type);
  if (operation === undefined) throw new RangeError(`no operation ${type}`);
  return operation;
}

function callBy(setting: QuerySetting, describe: Hl7v2Call['describe']): Hl7v2Call {
  const client = {
    id: setting.clientId ?? 'epj',
    protocols: new Set(['hl7v2'] as const),
    organisation: { parent: '999999999' },
    access: 'full' as const,
    visible: new Set(setting.visible ?? fieldGroups),
    quirks: noQuirks,
  };
  return {
    client,
    caller: {
      ...client,
      clientId: client.id,
      correlationId: newCorrelationId(new CountedRandom()),
      signal: new AbortController().signal,
    },
    version: setting.version ?? '2.5',
    receivedAt: new Date(setting.receivedAt ?? '2025-03-01T12:00:00Z'),
    describe,
  };
}
