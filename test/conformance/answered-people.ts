import { join } from 'node:path';
import type { LegacyClient } from '../../src/access/legacy-client.js';
import { loadMappings } from '../../src/config/mapping-files.js';
import { packageRoot } from '../../src/config/package-root.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import type { Contract } from '../../src/contract/preg-xml/contract.js';
import { createAdapter, type Adapter, type AdapterSettings } from '../../src/main.js';
import { fieldGroups, type FieldGroup } from '../../src/person/field-groups.js';
import type { Transport } from '../../src/registry/persontjenesten/transport.js';
import { PARTS } from '../../src/sandbox/persontjenesten/information-parts.js';
import { viewOf } from '../../src/sandbox/persontjenesten/person-view.js';
import { isNationalId } from '../../src/person/national-id.js';
import { numbersOf, type PersonDocument } from '../../src/sandbox/population/person-document.js';
import { Population } from '../../src/sandbox/population/population.js';
import { CountedRandom } from '../support/counted-random.js';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { hl7v2Settings, transliteration } from '../support/hl7v2.js';
import { contracts } from '../support/preg-xml.js';
import { UnservedPersontjenesten } from '../../src/sandbox/persontjenesten/unserved-persontjenesten.js';
import { sessionParts } from '../support/session-parts.js';
import { StandingClock } from '../support/standing-clock.js';
import { memoryStore } from '../support/memory-store.js';
import { noQuirks } from '../support/quirks.js';

/** The day of all answers: every fixture person is as its folder's README says. */
export const NOW = '2025-03-01T12:00:00Z';

/** One answer of the whole adapter, but for sockets, tokens and passwords. */
export interface Answer {
  /** Setting and number: for messages of failed assertions. All persons are made up. */
  readonly name: string;
  readonly status: number;
  /** The whole envelope. */
  readonly envelope: string;
  readonly number: string;
  readonly document: PersonDocument;
}

/** How the adapter is set for a round of answers. */
export interface Setting {
  readonly name: string;
  readonly access: LegacyClient['access'];
  readonly fill: AdapterSettings['mapping']['fill'];
  /** The version of Persontjenesten that is asked; default 3. */
  readonly upstream?: 2 | 3;
  /** The groups of fields that the client's profile grants; default all. */
  readonly visible?: readonly FieldGroup[];
}

/** Everybody in fixtures/persons and fixtures/persons-irregular, and `generated` invented ones. */
export function everybody(generated: number): Promise<Population> {
  const folder = join(packageRoot(), 'fixtures');
  return Population.create({
    personFolders: [join(folder, 'persons'), join(folder, 'persons-irregular')],
    generated,
    seed: 1,
  });
}

/** Looks everybody up by each of their numbers. */
export async function answersTo(population: Population, setting: Setting): Promise<readonly Answer[]> {
  const adapter = await adapterOver(population, setting);
  const answers: Answer[] = [];
  for (const document of population.documents()) {
    for (const number of numbersAsked(document, setting)) {
      const request = getDemographicsRequest({ numbers: [number], now: new Date(NOW) });
      const { status, envelope } = await posted(adapter, request);
      answers.push({ name: `${setting.name} ${number}`, status, envelope, number, document });
    }
  }
  return answers;
}

/** What the adapter answers to an envelope. */
export async function posted(
  adapter: Adapter,
  request: string,
  path = HL7V3_PATH,
): Promise<{ readonly status: number; readonly envelope: string }> {
  const { status, body } = await adapter.ask({
    method: 'POST',
    path,
    query: '',
    headers: { host: 'preg.invalid', 'content-type': 'application/soap+xml; charset=utf-8' },
    body: Buffer.from(request),
    remoteAddress: '127.0.0.1',
    signal: new AbortController().signal,
  });
  return { status, envelope: Buffer.from(body).toString('utf8') };
}

/** Restricted access does not list numbers that are out of use, and what is not listed is not answered (Safety S5). */
export function numbersAsked(document: PersonDocument, { access }: Setting): readonly string[] {
  if (access === 'full') return numbersOf(document).filter(isNationalId);
  const everyPart = { parts: new Set(PARTS.map(({ name }) => name)), includeHistory: false, access };
  return numbersOf(viewOf(document, everyPart)).filter(isNationalId);
}

/** The whole adapter over a population. */
export async function adapterOver(
  population: Population,
  setting: Setting & { readonly contract?: Contract },
): Promise<Adapter> {
  return adapterBefore(new UnservedPersontjenesten(population, setting.upstream), setting);
}

/** The whole adapter before anything that answers as Persontjenesten does. */
export async function adapterBefore(
  transport: Transport,
  {
    access,
    fill,
    upstream = 3,
    visible = fieldGroups,
    contract = contracts['2018'],
  }: Setting & { readonly contract?: Contract },
): Promise<Adapter> {
  const folder = join(packageRoot(), 'mappings');
  const client: LegacyClient = {
    id: 'conformance',
    protocols: new Set(['hl7v3', 'preg-xml']),
    organisation: { parent: '310000027' },
    access,
    visible: new Set(visible),
    quirks: noQuirks,
  };
  return createAdapter({
    settings: {
      publicBaseUrl: undefined,
      mapping: { fill, supersededLookup: 'own-record' },
      upstream: { coalescing: { enabled: true, maxWaitMilliseconds: 50 } },
      secureConversation: { keyLifetimeHours: 15 },
      hl7v3: { processingCode: 'any' },
      hl7v2: hl7v2Settings,
      pregXml: { blankStringAs: 'nil', malformedNumber: 'nil', resultsPerPage: 20, httpBasic: false },
      helpNumbers: { series: [] },
      persontjenesten: { version: upstream },
      listeners: { legacy: { requestDeadlineSeconds: 30, maxRequestBytes: 1024 * 1024 } },
    },
    mappings: await loadMappings(folder),
    types: await loadTypeTable(join(folder, 'hl7v3', 'types.yaml')),
    contract,
    transliteration,
    authenticator: { authenticate: () => Promise.resolve(client) },
    ...sessionParts(client),
    audit: { record: () => Promise.resolve() },
    helpNumbers: memoryStore().helpNumbers,
    continuations: memoryStore().continuations,
    transport,
    events: { emit: () => undefined },
    clock: new StandingClock(NOW),
    random: new CountedRandom(),
  });
}
