import { StoreFailed } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';
import type { CheckResult, HealthCheck } from './health.js';
import { warningOf, type Found } from './warning.js';

/** What the check needs to know of Filematch. */
export interface FilematchWork {
  /** Jobs that are not over, and what each waits for; null of one that is worked on. @throws StoreFailed */
  waiting(): readonly { readonly clientId: string; readonly waitingFor: string | null }[];
  /** Jobs that have failed, those that were cancelled not counted. @throws StoreFailed */
  failures(): readonly { readonly clientId: string; readonly at: Date }[];
  /** What is wrong with drop folders, in sentences without names. */
  folderTroubles(): readonly { readonly clientId: string; readonly reason: string }[];
}

/** How long a job that failed is told of. */
const TOLD_MILLISECONDS = 24 * 60 * 60_000;

/** What is worth a look when a job waits for it, in words, and whether that is a thing of its client's. */
const troubles: readonly (readonly [waitsFor: string, what: string, isOfClient: boolean])[] = [
  ['register', 'for Persontjenesten', false],
  ['disk', 'for the disk', false],
  ['folder', 'for the folder of the result', true],
  ['client', 'for a client that is switched off, gone, or may not speak filematch', true],
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
  const atWork = waiting.filter(({ waitingFor }) => waitingFor === null).length;
  const now = clock.now().getTime();
  const failed = work.failures().filter(({ at }) => now - at.getTime() < TOLD_MILLISECONDS);
  const { reason, ...result } = warningOf([
    ...troubles.flatMap(([waitsFor, what, isOfClient]) => {
      const those = waiting.filter(({ waitingFor }) => waitingFor === waitsFor);
      const told = `${jobs(those.length)} waiting ${what}`;
      return those.map(({ clientId }): Found => [isOfClient ? `${waitsFor} ${clientId}` : waitsFor, told]);
    }),
    ...work.folderTroubles().map(({ clientId, reason: told }): Found => [`drop-folder ${clientId}`, told]),
    ...failed.map(({ clientId }): Found => [
      `failed ${clientId}`,
      `${jobs(failed.length)} failed within a day`,
    ]),
  ]);
  const counts = `${jobs(atWork)} at work, ${waiting.length - atWork} waiting`;
  return { ...result, reason: reason === undefined ? counts : `${counts}; ${reason}` };
}

function jobs(count: number): string {
  return count === 1 ? '1 job' : `${count} jobs`;
}
