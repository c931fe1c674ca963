import { checkHints } from '../check-hints.js';
import type { MetricHandlers } from './handlers.js';
import type { Instruments } from './instruments.js';
import { among } from './known-names.js';

/** What was told of the adapter's own health. Names of checks are those of the program. */
export function alertMetrics(
  instruments: Instruments,
): Pick<MetricHandlers, 'troubleBegan' | 'troubleEnded' | 'registerProbed'> {
  const known = among(Object.keys(checkHints));
  const began = instruments.counter(
    'preg_adapter_troubles_total',
    'How often it was told that a health check is not well, or otherwise or by something else than before.',
    ['check', 'status'],
  );
  const lasted = instruments.counter(
    'preg_adapter_trouble_seconds_total',
    'How long health checks were not well, each cause for itself, added up when it is over.',
    ['check'],
  );
  const probes = instruments.counter(
    'preg_adapter_probes_total',
    'How often an idle adapter asked whether Persontjenesten is there: answered, or the error in place of an answer.',
    ['outcome'],
  );
  return {
    troubleBegan: ({ check, status }) => {
      began.inc({ check: known(check), status });
    },
    troubleEnded: ({ check, seconds }) => {
      lasted.inc({ check: known(check) }, Math.max(0, seconds));
    },
    registerProbed: ({ error }) => {
      probes.inc({ outcome: error?.code ?? 'answered' });
    },
  };
}
