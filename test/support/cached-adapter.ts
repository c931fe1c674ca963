import { join } from 'node:path';
import type { LegacyClient } from '../../src/access/legacy-client.js';
import { packageRoot } from '../../src/config/package-root.js';
import type { AdapterError } from '../../src/errors/errors.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import { createAdapter, type Adapter } from '../../src/main.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import type { Population } from '../../src/sandbox/population/population.js';
import { NOW, posted } from '../conformance/answered-people.js';
import { LogWriter } from '../registry/by-number/cache-bench.js';
import { CountedRandom } from './counted-random.js';
import { getDemographicsRequest } from './get-demographics-request.js';
import { memoryStore } from './memory-store.js';
import { mappings } from './person-documents.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from './person-service-request.js';
import { PopulationTransport } from './population-transport.js';
import { contracts } from './preg-xml.js';
import { noQuirks } from './quirks.js';
import { RecordedEvents } from './recorded-events.js';
import { sessionParts } from './session-parts.js';
import { StandingClock } from './standing-clock.js';

const types = await loadTypeTable(join(packageRoot(), 'mappings', 'hl7v3', 'types.yaml'));

/** What an envelope of SOAP came with. */
export interface Posted {
  readonly status: number;
  readonly envelope: string;
}

/** The whole adapter with documents in memory, over a population, beside a log of changes that a test writes. */
export class CachedAdapter {
  readonly clock = new StandingClock(NOW);
  readonly events = new RecordedEvents();
  readonly audited: AuditEntry[] = [];
  readonly writer: LogWriter;
  readonly adapter: Adapter;
  /** What every call ends with, while it is there. */
  trouble: AdapterError | undefined;
  /** How many calls were made. */
  calls = 0;

  constructor(population: Population, { staleWhileDown = false } = {}) {
    const store = memoryStore({ clock: this.clock });
    this.writer = new LogWriter(store.changeLog, this.clock);
    this.writer.begin();
    // Long enough ago that nothing of before is in doubt.
    this.clock.move(60_000);
    this.writer.caughtUp();
    const client: LegacyClient = {
      id: 'epj',
      protocols: new Set(['hl7v3', 'preg-xml']),
      organisation: { parent: '310000027' },
      access: 'full',
      visible: new Set(fieldGroups),
      quirks: noQuirks,
    };
    const transport = new PopulationTransport(population);
    this.adapter = createAdapter({
      settings: {
        publicBaseUrl: undefined,
        mapping: { fill: 'rich', supersededLookup: 'own-record' },
        upstream: {
          coalescing: { enabled: true, maxWaitMilliseconds: 50 },
          cache: {
            enabled: true,
            maxEntries: 1_000,
            maxAgeSeconds: 300,
            staleWhileDown,
            staleMaxAgeMinutes: 60,
          },
        },
        secureConversation: { keyLifetimeHours: 15 },
        hl7v3: { processingCode: 'any' },
        pregXml: { blankStringAs: 'nil', malformedNumber: 'nil', resultsPerPage: 20, httpBasic: false },
        helpNumbers: { series: [] },
        persontjenesten: { version: 3 },
        listeners: { legacy: { requestDeadlineSeconds: 30, maxRequestBytes: 1024 * 1024 } },
      },
      mappings,
      types,
      contract: contracts['2018'],
      authenticator: { authenticate: () => Promise.resolve(client) },
      ...sessionParts(client),
      audit: { record: (entries) => void this.audited.push(...entries) },
      helpNumbers: store.helpNumbers,
      followed: { log: store.changeLog, limits: { maxPersons: 10_000, maxDays: 7, pollSeconds: 60 } },
      transport: {
        send: (request) => {
          this.calls += 1;
          return this.trouble === undefined ? transport.send(request) : Promise.reject(this.trouble);
        },
      },
      events: this.events,
      clock: this.clock,
      random: new CountedRandom(),
    });
  }

  /** HL7 v3's GetDemographics. */
  getDemographics(nin: string): Promise<Posted> {
    return posted(this.adapter, getDemographicsRequest({ numbers: [nin], now: this.clock.now() }));
  }

  /** Personregister-XML's GetPerson. */
  getPerson(nin: string): Promise<Posted> {
    const content = `<parameters xmlns:b="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"><b:NIN>${nin}</b:NIN></parameters>`;
    const request = personServiceRequest({ operation: 'GetPerson', content, now: this.clock.now() });
    return posted(this.adapter, request, PERSON_SERVICE_PATH);
  }

  /** Time passes, and the log keeps up. */
  async pass(milliseconds: number): Promise<void> {
    await this.clock.advance(milliseconds);
    this.writer.caughtUp();
  }
}
