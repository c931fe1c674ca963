import type { Configuration } from '../../config/schema.js';
import { createFolderDelivery } from '../../legacy/filematch/folder/job-files.js';
import { createFilematchJobs } from '../../legacy/filematch/jobs/engine.js';
import type { FileForms } from '../../legacy/filematch/jobs/file-forms.js';
import type { FilematchJobs } from '../../legacy/filematch/jobs/filematch-jobs.js';
import { nobodyToHeed } from '../../legacy/filematch/jobs/politeness.js';
import type { Matcher } from '../../legacy/filematch/matching/matcher.js';
import { tellIn } from '../../legacy/filematch/matching/told.js';
import { loadOrCreateKeys } from '../../store/key-files.js';
import { openStore, type Store, type StoreOptions } from '../../store/store.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { filematchClients } from './open-filematch.js';

/**
 * Uses the jobs of the store, without a register behind: they can be looked at and told what to do, while whoever works on them
 * notices. Closes the store again.
 * @throws CommandFailed for a configuration without keys, StoreUnavailable, UnusableKey
 */
export async function withJobs<Result>(
  configuration: Configuration,
  { clock, random }: Pick<Surroundings, 'clock' | 'random'>,
  use: (jobs: FilematchJobs, audit: Store['audit']) => Promise<Result> | Result,
): Promise<Result> {
  const { directory } = configuration.data;
  const store = openStore({ directory, ...keysOf(configuration, random), clock, random });
  try {
    const { filematch, listeners } = configuration;
    const jobs = createFilematchJobs({
      settings: { ...filematch, requestDeadlineSeconds: listeners.legacy.requestDeadlineSeconds },
      clients: new Map(filematchClients(configuration).map((client) => [client.client.id, client])),
      forms: noForms,
      matcher: noMatcher,
      told: tellIn,
      rows: store.filematchJobs,
      spool: store.spool,
      delivery: createFolderDelivery(),
      politeness: nobodyToHeed,
      clock,
      random,
      events: { emit: () => undefined },
    });
    return await use(jobs, store.audit);
  } finally {
    store.close();
  }
}

function keysOf(
  { store, sandbox, data }: Configuration,
  random: Surroundings['random'],
): Pick<StoreOptions, 'sealingKeys' | 'pseudonymKey'> {
  if (store !== undefined) return store;
  if (sandbox !== undefined) return loadOrCreateKeys(data.directory, random);
  throw new CommandFailed('The configuration has no store.sealingKeys to open the jobs with.');
}

/** For who works on no job. */
function never(): never {
  throw new TypeError('no job is worked on here');
}

const noMatcher: Matcher = { judge: never, match: never, givenUp: never };
const noForms: FileForms = { survey: never, rows: never, result: never, rejects: never, describe: never };
