import { errorCatalogue } from '../../errors/catalogue.js';
import type { CutoverEvents } from '../cutover-events.js';
import type { BreakerStates } from './breaker-states.js';
import { CALL_SECONDS, type MetricHandlers } from './handlers.js';
import type { Instruments } from './instruments.js';
import { among, type KnownNames } from './known-names.js';

/** The old PREG, and the moving of clients away from it. */
export function cutoverMetrics(
  instruments: Instruments,
  names: KnownNames,
  breaker: BreakerStates,
): Pick<MetricHandlers, keyof CutoverEvents | 'pregCalled' | 'pregBreakerChanged'> {
  const client = among(names.clients);
  const pregOperation = among(names.pregOperations);
  const errors = Object.keys(errorCatalogue);
  const callOutcome = among(['answered', 'session-over', 'renewal-wanted', ...errors]);
  const sourceOutcome = among(['found', 'not-found', ...errors]);
  const calls = instruments.counter(
    'preg_adapter_preg_calls_total',
    'Messages to the old PREG that ended, by how.',
    ['service', 'operation', 'outcome'],
  );
  const duration = instruments.histogram(
    'preg_adapter_preg_call_seconds',
    'Time that messages to the old PREG took.',
    ['service', 'operation'],
    CALL_SECONDS,
  );
  const compared = instruments.counter(
    'preg_adapter_cutover_compared_total',
    'People about whom both registers were asked.',
    ['client', 'route'],
  );
  const differences = instruments.counter(
    'preg_adapter_cutover_differences_total',
    'Answers of both registers that differ; of these the unexplained; of those the ones in who somebody is (identity).',
    ['client', 'kind'],
  );
  const outcomes = instruments.counter(
    'preg_adapter_cutover_outcomes_total',
    'How each register fared where both were asked.',
    ['source', 'outcome'],
  );
  const found = instruments.counter(
    'preg_adapter_cutover_found_total',
    'People whom each register has found where both were asked.',
    ['source'],
  );
  const fallbacks = instruments.counter(
    'preg_adapter_cutover_fallbacks_total',
    'Questions that the other register was asked, since the one of the route was out of order, by how the other fared.',
    ['client', 'out_of_order', 'outcome'],
  );
  const failed = instruments.counter(
    'preg_adapter_cutover_comparisons_failed_total',
    'Answers that could not be held against each other: a fault in the adapter.',
  );
  const dropped = instruments.counter(
    'preg_adapter_cutover_dropped_total',
    'People who were not compared, since too many waited.',
  );
  const movedBack = instruments.counter(
    'preg_adapter_cutover_moved_back_total',
    'How often the guard has moved a client back to PREG.',
    ['client'],
  );
  const troubled = instruments.gauge(
    'preg_adapter_cutover_store_trouble',
    '1 while what belongs to the cutover cannot be read from the store or written to it.',
    ['what'],
  );
  const lost = instruments.counter(
    'preg_adapter_cutover_comparisons_lost_total',
    'Comparisons that were lost, since the store took none.',
  );
  for (const what of ['routes', 'comparisons', 'usage', 'hold']) troubled.set({ what }, 0);
  for (const id of names.clients) movedBack.inc({ client: id }, 0);
  return {
    pregCalled: ({ service, outcome, milliseconds, ...event }) => {
      const labels = { service, operation: pregOperation(event.operation) };
      calls.inc({ ...labels, outcome: callOutcome(outcome) });
      duration.observe(labels, milliseconds / 1_000);
    },
    pregBreakerChanged: ({ service, state }) => {
      breaker(`preg/${service}`, state);
    },
    otherRegisterAsked: ({ clientId, outOfOrder, outcome }) => {
      fallbacks.inc({
        client: client(clientId),
        out_of_order: outOfOrder,
        outcome: sourceOutcome(outcome),
      });
    },
    answersCompared: (event) => {
      const id = client(event.clientId);
      compared.inc({ client: id, route: event.route }, event.people);
      differences.inc({ client: id, kind: 'different' }, event.different ?? 0);
      differences.inc({ client: id, kind: 'unexplained' }, event.unexplained);
      differences.inc({ client: id, kind: 'identity' }, event.identity);
      found.inc({ source: 'preg' }, event.found.preg ?? 0);
      found.inc({ source: 'persontjenesten' }, event.found.persontjenesten ?? 0);
      const { preg, persontjenesten } = event.outcomes;
      outcomes.inc({ source: 'preg', outcome: sourceOutcome(preg) });
      outcomes.inc({ source: 'persontjenesten', outcome: sourceOutcome(persontjenesten) });
    },
    comparisonFailed: () => {
      failed.inc();
    },
    comparisonsDropped: ({ people }) => {
      dropped.inc(people);
    },
    clientMovedBack: ({ clientId }) => {
      movedBack.inc({ client: client(clientId) });
    },
    cutoverNotStored: ({ what }) => {
      troubled.set({ what }, 1);
    },
    cutoverStored: ({ what, lost: count }) => {
      troubled.set({ what }, 0);
      lost.inc(count);
    },
  };
}
