import { errorCatalogue } from '../../errors/catalogue.js';
import { AdapterError } from '../../errors/errors.js';
import type { EventListener } from '../events.js';
import type { Logger } from '../logger.js';
import { alertMetrics } from './alert-metrics.js';
import { admissionMetrics } from './admission-metrics.js';
import { breakerStates } from './breaker-states.js';
import { cutoverMetrics } from './cutover-metrics.js';
import { filematchMetrics } from './filematch-metrics.js';
import type { MetricHandlers } from './handlers.js';
import { hl7v2Metrics } from './hl7v2-metrics.js';
import { Instruments, type Exposition, type MetricDescription } from './instruments.js';
import { listenerMetrics } from './listener-metrics.js';
import type { KnownNames } from './known-names.js';
import { occurrences } from './occurrences.js';
import { processMetrics } from './process-metrics.js';
import { registerMetrics } from './register-metrics.js';
import { requestMetrics } from './request-metrics.js';
import { standingMetrics, type Standing } from './standing-metrics.js';
import { traceMetrics } from './trace-metrics.js';
import { upstreamMetrics } from './upstream-metrics.js';

/** What Prometheus asks for. docs/metrics.md has a row for each metric. */
export interface Metrics {
  /** To be subscribed to the bus; it is all that feeds what is counted. */
  readonly listener: EventListener;
  /** Every metric there is, with or without values. */
  readonly described: readonly MetricDescription[];
  /** The page as things are now. */
  expose(): Promise<Exposition>;
}

/** What metrics are made of. */
export interface MetricsParts {
  readonly names: KnownNames;
  /** What is read anew for every page. */
  readonly standing: Standing;
  readonly logger: Logger;
}

/** Metrics in a registry of their own, at zero. No label holds anything but names that are known beforehand. */
export function createMetrics({ names, standing, logger }: MetricsParts): Metrics {
  const instruments = new Instruments((error) => {
    logger.error('a metric could not be read', { module: 'metrics', error });
  });
  const breaker = breakerStates(instruments);
  const handlers: MetricHandlers = {
    ...requestMetrics(instruments, names),
    ...admissionMetrics(instruments, names),
    ...upstreamMetrics(instruments, names, breaker),
    ...cutoverMetrics(instruments, names, breaker),
    ...registerMetrics(instruments, names),
    ...filematchMetrics(instruments, names),
    ...hl7v2Metrics(instruments, names),
    ...listenerMetrics(instruments),
    ...occurrences(instruments),
    ...alertMetrics(instruments),
    ...traceMetrics(instruments),
  };
  const errors = instruments.counter(
    'preg_adapter_errors_total',
    'Errors that were told of, by their code in docs/errors.md. One cause may be told of several times.',
    ['code'],
  );
  for (const code of Object.keys(errorCatalogue)) errors.inc({ code }, 0);
  standingMetrics(instruments, standing);
  processMetrics(instruments);
  return {
    listener: (name, event) => {
      handlers[name](event);
      if ('error' in event && event.error instanceof AdapterError) errors.inc({ code: event.error.code });
    },
    described: instruments.described,
    expose: () => instruments.expose(),
  };
}
