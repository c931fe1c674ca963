import { z } from 'zod';
import { formatPath, type ConfigurationProblem } from './problems.js';
import { valueAt } from './settings-tree.js';

/** A burst means nothing without a rate. */
export function rateContradictions(settings: unknown): ConfigurationProblem[] {
  const clients = z
    .array(z.unknown())
    .catch([])
    .parse(valueAt(settings, ['clients']));
  return clients.flatMap((client, index): ConfigurationProblem[] => {
    const burst = valueAt(client, ['requestBurst']);
    if (burst === undefined || valueAt(client, ['requestsPerSecond']) !== undefined) return [];
    return [
      {
        path: formatPath(['clients', index, 'requestsPerSecond']),
        found: 'nothing beside requestBurst',
        expected: 'how often the client may ask over time, or no requestBurst',
      },
    ];
  });
}
