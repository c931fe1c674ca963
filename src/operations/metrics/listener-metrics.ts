import type { ListenerEvents } from '../listener-events.js';
import type { MetricHandlers } from './handlers.js';
import type { Instruments } from './instruments.js';

/** Connections of the listeners over HTTP. */
export function listenerMetrics(instruments: Instruments): Pick<MetricHandlers, keyof ListenerEvents> {
  const turnedAway = instruments.counter(
    'preg_adapter_connections_turned_away_total',
    'Connections over HTTP that were closed before anything was read, or gave way to others.',
    ['listener', 'reason'],
  );
  return {
    connectionsTurnedAway: ({ listener, reason, count }) => {
      turnedAway.inc({ listener, reason }, count);
    },
  };
}
