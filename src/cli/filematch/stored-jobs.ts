import type { Configuration } from '../../config/schema.js';
import { createFolderDelivery } from '../../legacy/filematch/folder/job-files.js';
import { createFilematchJobs } from '../../legacy/filematch/jobs/engine.js';
import type { FileForms } from '../../legacy/filematch/jobs/file-forms.js';
import type { FilematchJobs } from '../../legacy/filematch/jobs/filematch-jobs.js';
import { nobodyToHeed } from '../../legacy/filematch/jobs/politeness.js';
import type { Matcher } from '../../legacy/filematch/matching/matcher.js';
import { tellIn } from '../../legacy/filematch/matching/told.js';
import type { Store } from '../../store/store.js';
import { withStore } from '../opened-store.js';
import type { Surroundings } from '../surroundings.js';
import { filematchClients } from './open-filematch.js';

/**
 * Uses the jobs of the store, without a register behind: they can be looked at and told what to do, while whoever works on them
 * notices. Closes the store again.
 * @throws CommandFailed for a configuration without keys, StoreUnavailable, UnusableKey
 */
export async function withJobs<Result>(
  configuration: Configuration,
  surroundings: Pick<Surroundings, 'clock' | 'random'>,
  use: (jobs: FilematchJobs, audit: Store['audit']) => Promise<Result> | Result,
): Promise<Result> {
  return withStore(configuration, surroundings, (store) => {
    const { filematch, listeners } = configuration;
    const jobs = createFilematchJobs({
      settings: { ...filematch, requestDeadlineSeconds: listeners.legacy.requestDeadlineSeconds },
      clients: filematchClients(configuration),
      forms: noForms,
      matcher: noMatcher,
      told: tellIn,
      rows: store.filematchJobs,
      spool: store.spool,
      delivery: createFolderDelivery(),
      politeness: nobodyToHeed,
      clock: surroundings.clock,
      random: surroundings.random,
      events: { emit: () => undefined },
    });
    return use(jobs, store.audit);
  });
}

/** For who works on no job. */
function never(): never {
  throw new TypeError('no job is worked on here');
}

const noMatcher: Matcher = { judge: never, match: never, givenUp: never };
const noForms: FileForms = { survey: never, rows: never, result: never, rejects: never, describe: never };
