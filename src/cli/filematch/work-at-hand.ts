import type { Filematch } from '../../legacy/filematch/service.js';
import type { FilematchWork } from '../../operations/filematch-check.js';

/** Of what is asked about no more jobs are opened each time somebody asks how things are. */
const AT_MOST = 100;

/** What is looked at. */
interface Work {
  readonly jobs: Pick<Filematch['jobs'], 'jobs'>;
  readonly folders: Pick<Filematch['folders'], 'state'>;
}

/** How the jobs of this process stand, for health: those of the command line are in the hands of others. */
export function workOf({ jobs, folders }: Work): FilematchWork {
  return {
    waiting: () =>
      jobs
        .jobs({ over: false, exceptDoor: 'command-line', limit: AT_MOST })
        .map(({ job: { clientId }, waitingFor }) => ({ clientId, waitingFor })),
    failures: () =>
      jobs
        .jobs({ over: true, state: 'FAILED', limit: AT_MOST })
        .flatMap(({ job: { clientId, ending, finishedAt } }) =>
          ending?.code !== 'cancelled' && finishedAt !== null ? [{ clientId, at: finishedAt }] : [],
        ),
    folderTroubles: () =>
      folders
        .state()
        .flatMap(({ clientId, trouble }) => (trouble === null ? [] : [{ clientId, reason: trouble.reason }])),
  };
}
