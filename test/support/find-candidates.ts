import type { Quirks } from '../../src/access/legacy-client.js';
import { InvalidQuery } from '../../src/errors/errors.js';
import { candidatesSought, type CandidatesSought } from '../../src/legacy/hl7v3/find-candidates-query.js';
import { FindCandidates } from '../../src/legacy/hl7v3/find-candidates.js';
import { answerMessage } from '../../src/legacy/hl7v3/message.js';
import { PersonRenderer } from '../../src/legacy/hl7v3/person.js';
import { hl7v3Operations } from '../../src/contract/hl7v3/operations.js';
import type { SoapAnswer, SoapCall } from '../../src/legacy/soap/soap-service.js';
import { fieldGroups, type FieldGroup } from '../../src/person/field-groups.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import type { PersonRegistry } from '../../src/registry/person-registry.js';
import type { SearchQuery } from '../../src/registry/search.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import type { XmlElement } from '../../src/xml/element.js';
import { CountedRandom } from './counted-random.js';
import { all, codes, countries, message, requestBody, reread, the, writer } from './hl7v3-message.js';
import { ManualClock } from './manual-clock.js';
import { noQuirks } from './quirks.js';
import { registryStub } from './registry-stub.js';
import { written } from './written.js';

const [operation] = hl7v3Operations;

/** One parameter with one value of that content and those attributes. */
export function parameter(name: string, content: string, attributes = ''): string {
  return `<${name}><value ${attributes}>${content}</value></${name}>`;
}

/** A control act with a parameterList of that content; `settings` come before it in the query. */
export function queryWith(parameters: string, settings = ''): string {
  return (
    `<controlActProcess classCode="CACT" moodCode="APT"><queryByParameter>${settings}` +
    `<parameterList>${parameters}</parameterList></queryByParameter></controlActProcess>`
  );
}

/** What a request with those parameters asks for. @throws InvalidQuery */
export function sought(parameters: string, settings = ''): CandidatesSought {
  return candidatesSought(message(queryWith(parameters, settings)), { codes, countries });
}

/** How a request with those parameters is refused: `parameter: problem`; undefined when it is not. */
export function refusalOf(parameters: string, settings = ''): string | undefined {
  try {
    sought(parameters, settings);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidQuery) return error.message;
    throw error;
  }
}

/** How a search was answered, in the words of the reply. */
export interface FoundCandidates {
  readonly answer: SoapAnswer;
  readonly body: XmlElement;
  /** `acknowledgement queryResponse details`. */
  readonly ending: string;
  readonly texts: readonly string[];
  /** total, current and remaining quantity. */
  readonly quantities: readonly string[];
  /** The numbers of the people told. */
  readonly told: readonly string[];
  /** What the registry was asked. */
  readonly searches: readonly SearchQuery[];
  readonly lookups: readonly NationalId[];
  /** What the audit trail was told, last. */
  readonly subjects: readonly NationalId[];
}

export interface SearchSetting {
  readonly settings?: string;
  /** Whom a search finds. */
  readonly people?: readonly PregPerson[];
  /** How many there are in all; as many as there are people when it is left out. */
  readonly total?: number;
  /** Whom each number belongs to; nobody when it is left out. */
  readonly known?: ReadonlyMap<string, PregPerson>;
  readonly quirks?: Partial<Quirks>;
  readonly visible?: readonly FieldGroup[];
  readonly search?: PersonRegistry['search'];
}

/** Has FindCandidates answer a request with those parameters. The envelope around a body has 1 000 octets. */
export async function findCandidates(
  parameters: string,
  setting: SearchSetting = {},
): Promise<FoundCandidates> {
  return answerTo(queryWith(parameters, setting.settings), setting);
}

/** Has FindCandidates answer a message of that content. */
export async function answerTo(content: string, setting: SearchSetting = {}): Promise<FoundCandidates> {
  const searches: SearchQuery[] = [];
  const lookups: NationalId[] = [];
  const { people = [], total = people.length } = setting;
  const registry = registryStub({
    search: (query, caller) => {
      searches.push(query);
      if (setting.search !== undefined) return setting.search(query, caller);
      const hits = people.slice(0, query.limit).map((person) => ({ person, lineage: new Map() }));
      return Promise.resolve({ hits, total });
    },
    lookup: ({ id }) => {
      lookups.push(id);
      const person = setting.known?.get(id);
      return Promise.resolve(
        person === undefined ? { outcome: 'not-found' } : { outcome: 'found', person, lineage: new Map() },
      );
    },
  });
  const random = new CountedRandom();
  const clock = new ManualClock('2025-01-15T10:30:00Z');
  const client = {
    id: 'epj',
    protocols: new Set(['hl7v3'] as const),
    organisation: { parent: '999999999' },
    access: 'full' as const,
    visible: new Set(setting.visible ?? fieldGroups),
    quirks: { ...noQuirks, ...setting.quirks },
  };
  let subjects: readonly NationalId[] = [];
  const call: SoapCall = {
    client,
    caller: {
      ...client,
      clientId: client.id,
      correlationId: newCorrelationId(random),
      signal: new AbortController().signal,
    },
    receivedAt: clock.now(),
    describe: (told) => {
      subjects = told;
    },
    bodyText: () => '',
    replyLength: (body) => 1000 + Buffer.byteLength(written(body)),
  };
  const handler = new FindCandidates(registry, new PersonRenderer(codes), { codes, countries });
  const parts = { writer, processingMode: 'any' as const, clock, random };
  const answer = await answerMessage(requestBody(content, 'FindCandidates'), call, operation, handler, parts);
  const body = reread(answer.body);
  const acknowledgement = the(body, 'acknowledgement');
  const codeOf = (element: XmlElement): string => element.attributes.get('code') ?? '';
  const details = all(acknowledgement, 'acknowledgementDetail').map((detail) => codeOf(the(detail, 'code')));
  const responses = all(body, 'queryResponseCode').map(codeOf);
  return {
    answer,
    body,
    ending: [acknowledgement.attributes.get('typeCode') ?? '', ...responses, ...details].join(' '),
    texts: all(acknowledgement, 'text').map(({ text }) => text),
    quantities: ['resultTotalQuantity', 'resultCurrentQuantity', 'resultRemainingQuantity'].map(
      (name) => the(body, name).attributes.get('value') ?? '',
    ),
    told: all(body, 'subject1').map((subject) => all(subject, 'id')[0]?.attributes.get('extension') ?? ''),
    searches,
    lookups,
    subjects,
  };
}
