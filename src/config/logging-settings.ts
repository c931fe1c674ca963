import { z } from 'zod';
import { logLevels } from '../operations/logger.js';
import { logModules } from '../operations/log-modules.js';
import { nearest, type ConfigurationProblem } from './problems.js';
import { isGroup, valueAt } from './settings-tree.js';
import { oneOf, wholeNumber } from './values.js';

/** How much is logged, and how. */
export const loggingSettings = z
  .strictObject({
    level: oneOf(logLevels).default('info'),
    levels: z.record(z.string(), oneOf(logLevels), 'a group of levels by module').default({}),
    format: oneOf(['json', 'pretty']).default('json'),
    tracedRequests: wholeNumber(0, 10_000, 'a number of requests').default(500),
  })
  .prefault({});

/** Levels of modules that no line of the log is of. */
export function loggingContradictions(settings: unknown): ConfigurationProblem[] {
  const levels = valueAt(settings, ['logging', 'levels']);
  if (!isGroup(levels)) return [];
  const known: readonly string[] = logModules;
  return Object.keys(levels)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const guess = nearest(name, known);
      return {
        path: `logging.levels.${name}`,
        found: 'a module that no line of the log is of',
        expected: guess === undefined ? `one of ${known.join(', ')}` : `perhaps ${guess}`,
      };
    });
}
