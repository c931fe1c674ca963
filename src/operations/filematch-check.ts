import { StoreFailed } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';
import type { CheckResult, HealthCheck } from './health.js';

/** What the check needs to know of Filematch. */
export interface FilematchWork {
  /** What each job that is not over waits for; null of one that is worked on. @throws StoreFailed */
  waiting(): readonly (string | null)[];
  /** When jobs have failed, those that were cancelled not counted. @throws StoreFailed */
  failures(): readonly Date[];
  /** What is wrong with drop folders, in sentences without names. */
  folderTroubles(): readonly string[];
}

/** How long a job that failed is told of. */
const TOLD_MILLISECONDS = 24 * 60 * 60_000;

/** What is worth a look when a job waits for it, in words. */
const troubles: readonly (readonly [waitsFor: string, what: string])[] = [
  ['register', 'for Persontjenesten'],
  ['disk', 'for the disk'],
  ['folder', 'for the folder of the result'],
  ['client', 'for a client that is switched off, gone, or may not speak filematch'],
];

/** How many jobs there are, and what keeps them. Never `failed`: people can be looked up without it. */
export function filematchCheck(work: FilematchWork, clock: Clock): HealthCheck {
  return () => {
    try {
      return found(work, clock);
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      // The store has a check of its own, and who works on the jobs has told the log.
      return { status: 'warning', reason: 'the jobs cannot be read' };
    }
  };
}

function found(work: FilematchWork, clock: Clock): CheckResult {
  const waiting = work.waiting();
  const atWork = waiting.filter((reason) => reason === null).length;
  const now = clock.now().getTime();
  const failed = work.failures().filter((at) => now - at.getTime() < TOLD_MILLISECONDS);
  const problems = [
    ...troubles.flatMap(([reason, what]) => {
      const count = waiting.filter((one) => one === reason).length;
      return count === 0 ? [] : [`${jobs(count)} waiting ${what}`];
    }),
    ...[...new Set(work.folderTroubles())],
    ...(failed.length === 0 ? [] : [`${jobs(failed.length)} failed within a day`]),
  ];
  const counts = `${jobs(atWork)} at work, ${waiting.length - atWork} waiting`;
  return {
    status: problems.length === 0 ? 'ok' : 'warning',
    reason: [counts, ...problems].join('; '),
  };
}

function jobs(count: number): string {
  return count === 1 ? '1 job' : `${count} jobs`;
}
