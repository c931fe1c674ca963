import type { MetricHandlers } from './handlers.js';
import type { Instruments } from './instruments.js';
import { among, type KnownNames } from './known-names.js';

/** The totals of a receipt that tell rows apart. */
const rowOutcomes = ['matched', 'noMatch', 'ambiguous', 'rejected', 'technical'] as const;

/** A job may take seconds or a night. */
const JOB_SECONDS = [1, 10, 60, 300, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400];

type Told =
  | 'filematchJobAccepted'
  | 'filematchJobWaiting'
  | 'filematchJobCompleted'
  | 'filematchJobRejected'
  | 'filematchJobFailed'
  | 'deliveredFileRefused'
  | 'dropFolderChanged';

/** Filematch: files, jobs, rows. */
export function filematchMetrics(instruments: Instruments, names: KnownNames): Pick<MetricHandlers, Told> {
  const client = among(names.clients);
  const door = among(['http', 'folder', 'command-line']);
  const waitsFor = among(['turn', 'window', 'resume', 'register', 'disk', 'folder', 'client']);
  const accepted = instruments.counter(
    'preg_adapter_filematch_jobs_accepted_total',
    'Files that were taken in as jobs.',
    ['client', 'door'],
  );
  const ended = instruments.counter(
    'preg_adapter_filematch_jobs_ended_total',
    'Jobs that are over: completed, rejected as a whole, failed, or cancelled.',
    ['client', 'outcome'],
  );
  const waits = instruments.counter(
    'preg_adapter_filematch_waits_total',
    'How often a job began to wait for something.',
    ['waiting_for'],
  );
  const rows = instruments.counter(
    'preg_adapter_filematch_rows_total',
    'Rows of completed jobs, by the totals of the receipt; changed is counted beside the others.',
    ['client', 'outcome'],
  );
  const duration = instruments.histogram(
    'preg_adapter_filematch_job_seconds',
    'Time that completed jobs took.',
    [],
    JOB_SECONDS,
  );
  const refused = instruments.counter(
    'preg_adapter_filematch_files_refused_total',
    'Files in drop folders that were not taken.',
    ['client'],
  );
  const folders = instruments.gauge(
    'preg_adapter_filematch_folder_trouble',
    '1 while the drop folder of a client cannot be used.',
    ['client'],
  );
  return {
    filematchJobAccepted: (event) => {
      accepted.inc({ client: client(event.clientId), door: door(event.door) });
    },
    filematchJobWaiting: ({ waitingFor }) => {
      waits.inc({ waiting_for: waitsFor(waitingFor) });
    },
    filematchJobCompleted: ({ clientId, totals, seconds }) => {
      const id = client(clientId);
      ended.inc({ client: id, outcome: 'completed' });
      duration.observe(seconds);
      for (const outcome of [...rowOutcomes, 'changed']) {
        rows.inc({ client: id, outcome }, totals[outcome] ?? 0);
      }
    },
    filematchJobRejected: ({ clientId }) => {
      ended.inc({ client: client(clientId), outcome: 'rejected' });
    },
    filematchJobFailed: ({ clientId, code }) => {
      ended.inc({ client: client(clientId), outcome: code === 'cancelled' ? 'cancelled' : 'failed' });
    },
    deliveredFileRefused: ({ clientId }) => {
      refused.inc({ client: client(clientId) });
    },
    dropFolderChanged: ({ clientId, trouble }) => {
      folders.set({ client: client(clientId) }, trouble === null ? 0 : 1);
    },
  };
}
