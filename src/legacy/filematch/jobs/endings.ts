import { FileRejected } from '../record.js';
import type { WaitingFor } from './filematch-jobs.js';
import type { Job, JobEnding } from './job.js';
import { GaveUp } from './patience.js';
import { JobFilesLost } from './trouble.js';

/** How a job ends that does not complete: the state, and what its receipt says. */
export interface BadEnd {
  readonly state: 'REJECTED' | 'FAILED';
  readonly ending: JobEnding;
}

/** The client or an operator does not want it any more. */
export const cancelled: BadEnd = {
  state: 'FAILED',
  ending: { code: 'cancelled', reason: 'Jobben ble avbrutt på bestilling.' },
};

/** What an error that ends a job says of it. */
export function endOf(error: unknown, patienceHours: number): BadEnd {
  if (error instanceof FileRejected) {
    return { state: 'REJECTED', ending: { code: error.errorCode, reason: error.reason } };
  }
  if (error instanceof GaveUp) {
    const hours = `${patienceHours} ${patienceHours === 1 ? 'time' : 'timer'}`;
    const reason = `${waitedFor[error.waitingFor]} på ${hours}. Jobben kan gjenopptas.`;
    return { state: 'FAILED', ending: { code: 'gave-up', reason } };
  }
  if (error instanceof JobFilesLost) {
    const reason = 'Det som var lagret av jobben, er borte eller skadet. Send filen på nytt.';
    return { state: 'FAILED', ending: { code: 'input-lost', reason } };
  }
  return {
    state: 'FAILED',
    ending: { code: 'internal', reason: 'En intern feil stanset jobben; driften finner den i loggen.' },
  };
}

/** Whether the job has failed and can be taken up again where it stands. */
export function canBeTakenUp({ ending }: Pick<Job, 'ending'>): boolean {
  return ending?.code === 'gave-up' || ending?.code === 'internal';
}

const waitedFor: Readonly<Record<WaitingFor, string>> = {
  turn: 'Jobben kom ikke til',
  window: 'Jobben kom ikke til',
  resume: 'Jobben ble ikke gjenopptatt',
  register: 'Persontjenesten svarte ikke',
  disk: 'Lageret kunne ikke brukes',
  folder: 'Mappen for resultater kunne ikke brukes',
  client: 'Klienten hadde ikke tilgang til Filematch',
};
