import { join } from 'node:path';
import type { LegacyClient } from '../../src/access/legacy-client.js';
import { packageRoot } from '../../src/config/package-root.js';
import type { AdapterError } from '../../src/errors/errors.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import { createAdapter, type Adapter } from '../../src/main.js';
import type { AuditEntry, AuditTrail } from '../../src/operations/audit-trail.js';
import type { EventSink } from '../../src/operations/events.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import type { Organisation } from '../../src/registry/person-registry.js';
import type { Transport } from '../../src/registry/persontjenesten/transport.js';
import type { Clock } from '../../src/runtime/clock.js';
import type { Population } from '../../src/sandbox/population/population.js';
import type { Store } from '../../src/store/store.js';
import { NOW, posted } from '../conformance/answered-people.js';
import { LogWriter } from '../registry/by-number/cache-bench.js';
import { CountedRandom } from './counted-random.js';
import { getDemographicsRequest } from './get-demographics-request.js';
import { memoryStore } from './memory-store.js';
import { mappings } from './person-documents.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from './person-service-request.js';
import { UnservedPersontjenesten } from '../../src/sandbox/persontjenesten/unserved-persontjenesten.js';
import { hl7v2Settings, transliteration } from './hl7v2.js';
import { contracts } from './preg-xml.js';
import { noQuirks } from './quirks.js';
import { auditInto } from './recorded-audit.js';
import { RecordedEvents } from './recorded-events.js';
import { sessionParts } from './session-parts.js';
import { StandingClock } from './standing-clock.js';

const types = await loadTypeTable(join(packageRoot(), 'mappings', 'hl7v3', 'types.yaml'));

/** What an envelope of SOAP came with. */
export interface Posted {
  readonly status: number;
  readonly envelope: string;
}

/** What an adapter with documents in memory stands between. */
export interface CachedAdapterParts {
  readonly transport: Transport;
  readonly store: Store;
  readonly audit: AuditTrail;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly staleWhileDown?: boolean;
  readonly organisation?: Organisation;
}

/** The whole adapter with documents in memory, but for sockets, tokens and passwords. */
export function adapterWithCache(parts: CachedAdapterParts): Adapter {
  const { transport, store, staleWhileDown = false, organisation = { parent: '310000027' }, ...rest } = parts;
  const client: LegacyClient = {
    id: 'epj',
    protocols: new Set(['hl7v3', 'preg-xml']),
    organisation,
    access: 'full',
    visible: new Set(fieldGroups),
    quirks: noQuirks,
  };
  return createAdapter({
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
      hl7v2: hl7v2Settings,
      pregXml: { blankStringAs: 'nil', malformedNumber: 'nil', resultsPerPage: 20, httpBasic: false },
      helpNumbers: { series: [] },
      persontjenesten: { version: 3 },
      listeners: { legacy: { requestDeadlineSeconds: 30, maxRequestBytes: 1024 * 1024 } },
    },
    mappings,
    types,
    contract: contracts['2018'],
    transliteration,
    authenticator: { authenticate: () => Promise.resolve(client) },
    ...sessionParts(client),
    helpNumbers: store.helpNumbers,
    continuations: store.continuations,
    followed: { log: store.changeLog, limits: { maxPersons: 10_000, maxDays: 7, pollSeconds: 60 } },
    transport,
    random: new CountedRandom(),
    ...rest,
  });
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
    const register = new UnservedPersontjenesten(population);
    this.adapter = adapterWithCache({
      staleWhileDown,
      store,
      transport: {
        send: (request) => {
          this.calls += 1;
          return this.trouble === undefined ? register.send(request) : Promise.reject(this.trouble);
        },
      },
      audit: auditInto(this.audited),
      events: this.events,
      clock: this.clock,
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
