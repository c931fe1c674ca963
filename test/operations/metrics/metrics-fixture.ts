import type { AdapterEvents } from '../../../src/operations/events.js';
import { silentLogger, type Logger } from '../../../src/operations/logger.js';
import { createMetrics, type Metrics } from '../../../src/operations/metrics/metrics.js';
import type { KnownNames } from '../../../src/operations/metrics/known-names.js';
import type { Standing } from '../../../src/operations/metrics/standing-metrics.js';

export const knownNames: KnownNames = {
  clients: new Set(['ward', 'lab']),
  protocols: ['hl7v3', 'filematch'],
  operations: ['GetDemographics', 'match'],
  upstreamOperations: ['get-by-nin'],
  pregOperations: ['GetPerson'],
  receivers: ['ris'],
  mappingRows: ['status'],
};

export const quietStanding: Standing = {
  version: '1.2.3',
  readiness: () => ({ status: 'ready', checks: { store: { status: 'ok' } } }),
  certificates: () => new Map([['listeners.legacy', new Date('2030-01-01T00:00:00Z')]]),
  keyExpiresAt: () => new Date('2029-01-01T00:00:00Z'),
  feed: () => ({ lagSeconds: 12, eventsBehind: 3 }),
  filematch: () => [
    { waitingFor: null, rowsLeft: 40 },
    { waitingFor: 'disk', rowsLeft: 2 },
  ],
  notifications: () => ({ waiting: 5, failing: 2, dead: 4, unseen: 1, oldestSeconds: 90 }),
  cutover: {
    routes: () => [
      { client: 'ward', protocol: 'hl7v3', operation: undefined, route: 'shadow-preg', percent: 75 },
    ],
    heldBack: () => ['lab'],
  },
};

export function metricsUnderTest(standing: Partial<Standing> = {}, logger: Logger = silentLogger): Metrics {
  return createMetrics({ names: knownNames, standing: { ...quietStanding, ...standing }, logger });
}

/** Tells all events, one of each name. */
export function tellAll({ listener }: Metrics, events: AdapterEvents): void {
  for (const name of Object.keys(events)) if (isEventName(events, name)) listener(name, events[name]);
}

function isEventName(events: AdapterEvents, name: string): name is keyof AdapterEvents {
  return Object.hasOwn(events, name);
}
