import { errorCatalogue } from '../../errors/catalogue.js';
import { CALL_SECONDS, type MetricHandlers } from './handlers.js';
import type { Instruments } from './instruments.js';
import { among, type KnownNames } from './known-names.js';

/** Legacy requests: how many, how they ended, how long they took, and whose clock is off. */
export function requestMetrics(
  instruments: Instruments,
  names: KnownNames,
): Pick<
  MetricHandlers,
  | 'requestAnswered'
  | 'authenticationFailed'
  | 'answeredFromCache'
  | 'lookupShared'
  | 'auditUnwritable'
  | 'auditWritable'
> {
  const client = among(names.clients);
  const protocol = among(names.protocols);
  const operation = among(names.operations);
  const outcome = among(['found', 'not-found', 'done', 'refused', ...Object.keys(errorCatalogue)]);
  const requests = instruments.counter(
    'preg_adapter_requests_total',
    'Legacy requests that were answered, by how they ended.',
    ['client', 'protocol', 'operation', 'outcome'],
  );
  const duration = instruments.histogram(
    'preg_adapter_request_seconds',
    'Time from a legacy request to its answer.',
    ['client', 'protocol', 'operation'],
    CALL_SECONDS,
  );
  const skew = instruments.gauge(
    'preg_adapter_client_clock_ahead_seconds',
    'How far the clock of a client was ahead in its last message that told; the way of the message makes it seem behind.',
    ['client'],
  );
  const failures = instruments.counter(
    'preg_adapter_authentication_failures_total',
    'Attempts to log in with a wrong password or an unknown user name.',
  );
  const kept = instruments.counter(
    'preg_adapter_kept_answers_total',
    'Answers given from documents that were kept in memory; stale-cache are old ones without addresses.',
    ['source'],
  );
  const shared = instruments.counter(
    'preg_adapter_shared_lookups_total',
    'Lookups that were answered by a call made for several.',
  );
  const auditTrouble = instruments.gauge(
    'preg_adapter_audit_trouble',
    '1 while audit entries cannot be written.',
  );
  const auditLost = instruments.counter(
    'preg_adapter_audit_entries_lost_total',
    'Audit entries of answers that left meanwhile and that were never written.',
  );
  for (const source of ['cache', 'stale-cache']) kept.inc({ source }, 0);
  return {
    requestAnswered: (event) => {
      const labels = {
        client: client(event.clientId),
        protocol: protocol(event.protocol),
        operation: operation(event.operation),
      };
      requests.inc({
        client: labels.client,
        protocol: labels.protocol,
        operation: labels.operation,
        outcome: outcome(event.outcome),
      });
      duration.observe(labels, event.milliseconds / 1_000);
      if (event.clockSkewSeconds !== undefined) skew.set({ client: labels.client }, event.clockSkewSeconds);
    },
    authenticationFailed: () => {
      failures.inc();
    },
    answeredFromCache: ({ source }) => {
      kept.inc({ source });
    },
    auditUnwritable: () => {
      auditTrouble.set(1);
    },
    auditWritable: ({ lost }) => {
      auditTrouble.set(0);
      auditLost.inc(lost);
    },
    lookupShared: () => {
      shared.inc();
    },
  };
}
