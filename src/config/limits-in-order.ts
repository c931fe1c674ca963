import type { ConfigurationProblem } from './problems.js';
import { valueAt } from './settings-tree.js';

/** One limit that has to leave room below another, in the same unit. */
interface Pair {
  readonly lower: Limit;
  readonly upper: Limit;
  readonly because: string;
  /** The pair is heeded where these settings are. */
  readonly group?: readonly string[];
}

/** A setting, and what it is where it is not set. */
interface Limit {
  readonly path: readonly string[];
  readonly otherwise: number;
}

const pairs: readonly Pair[] = [
  {
    lower: { path: ['upstream', 'maxConcurrentBatchCalls'], otherwise: 8 },
    upper: { path: ['upstream', 'maxConcurrentCalls'], otherwise: 64 },
    because: 'since lookups need calls that batch work does not take',
  },
  {
    lower: { path: ['upstream', 'callTimeoutSeconds'], otherwise: 10 },
    upper: { path: ['listeners', 'legacy', 'requestDeadlineSeconds'], otherwise: 30 },
    because: 'since a call has to end before the request that it is for',
  },
  {
    lower: { path: ['cutover', 'preg', 'callTimeoutSeconds'], otherwise: 10 },
    upper: { path: ['listeners', 'legacy', 'requestDeadlineSeconds'], otherwise: 30 },
    because: 'since a call has to end before the request that it is for',
    group: ['cutover', 'preg'],
  },
];

/** Limits that leave no room where there has to be some. Where 1 is all there is, 1 will do. */
export function limitsInOrder(settings: unknown): ConfigurationProblem[] {
  return pairs.flatMap(({ lower, upper, because, group = [] }): ConfigurationProblem[] => {
    if (valueAt(settings, group) === undefined) return [];
    const low = valueAt(settings, lower.path) ?? lower.otherwise;
    const high = valueAt(settings, upper.path) ?? upper.otherwise;
    if (typeof low !== 'number' || typeof high !== 'number' || high < 1) return [];
    const most = Math.max(1, high - 1);
    if (low <= most) return [];
    const isSet = valueAt(settings, lower.path) !== undefined;
    const beside = `${upper.path.join('.')}: ${high}`;
    return [
      {
        path: lower.path.join('.'),
        found: isSet ? `${low} beside ${beside}` : `nothing, which means ${low}, beside ${beside}`,
        expected: `at most ${most} beside it, ${because}`,
      },
    ];
  });
}
