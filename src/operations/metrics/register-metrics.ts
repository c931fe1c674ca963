import type { MetricHandlers } from './handlers.js';
import type { Instruments } from './instruments.js';
import { among, type KnownNames } from './known-names.js';

/** What Persontjenesten tells that the adapter stumbles over, and its event feed. */
export function registerMetrics(
  instruments: Instruments,
  names: KnownNames,
): Pick<MetricHandlers, 'unmappedValue' | 'valueCut' | 'eventsRead' | 'eventsNotRead'> {
  const row = among(names.mappingRows);
  const unmapped = instruments.counter(
    'preg_adapter_unmapped_values_total',
    'Values of the new register that mappings/ does not know; which, the log tells.',
    ['row'],
  );
  const cut = instruments.counter(
    'preg_adapter_values_cut_total',
    'Values that were too long for the old field.',
    ['row'],
  );
  const read = instruments.counter('preg_adapter_feed_events_total', 'Events of the feed that were read.');
  const unknown = instruments.counter(
    'preg_adapter_feed_unknown_events_total',
    'Of those, events of a type that is not known.',
  );
  const failures = instruments.counter(
    'preg_adapter_feed_failures_total',
    'Attempts to read the event feed, or to store what was read, that failed.',
  );
  return {
    unmappedValue: (event) => {
      unmapped.inc({ row: row(event.row) });
    },
    valueCut: (event) => {
      cut.inc({ row: row(event.row) });
    },
    eventsRead: ({ events, unknownTypes }) => {
      read.inc(events);
      unknown.inc(unknownTypes);
    },
    eventsNotRead: () => {
      failures.inc();
    },
  };
}
