import { errorCode } from '../../errors/error-code.js';
import { examineCertificates } from './certificates.js';
import { examineClock } from './clock.js';
import { examineConfiguration } from './configuration.js';
import { examineDisk } from './disk.js';
import { examineDropFolders } from './drop-folders.js';
import { failed, type Finding, type NamedFinding } from './finding.js';
import type { Examine, Patient } from './patient.js';
import { examinePersontjenesten } from './persontjenesten.js';
import { examinePorts } from './ports.js';
import { examinePreg } from './preg.js';
import { examineRunningAdapter } from './running-adapter.js';
import { examineSecretFiles } from './secret-files.js';
import { examineServedCertificates } from './served-certificates.js';
import { examineFeed, examineStore } from './store.js';
import { examineKey, examineTokens } from './tokens.js';

/** What is examined, in this order. docs/doctor.md has a row for each; a test holds the two together. */
export const examinations: readonly (readonly [name: string, examine: Examine])[] = [
  ['configuration', examineConfiguration],
  ['running', examineRunningAdapter],
  ['ports', examinePorts],
  ['certificates', examineCertificates],
  ['served', examineServedCertificates],
  ['secrets', examineSecretFiles],
  ['disk', examineDisk],
  ['store', examineStore],
  ['folders', examineDropFolders],
  ['key', examineKey],
  ['clock', examineClock],
  ['token', examineTokens],
  ['persontjenesten', examinePersontjenesten],
  ['events', examineFeed],
  ['preg', examinePreg],
];

/** Goes through all of them, one after another; what one throws keeps the others from nothing. @param onFinding told at once */
export async function examineAll(
  patient: Patient,
  onFinding: (finding: NamedFinding) => void,
): Promise<readonly NamedFinding[]> {
  const all: NamedFinding[] = [];
  for (const [examination, examine] of examinations) {
    for (const finding of await findingsOf(examine, patient)) {
      const named = { examination, ...finding };
      all.push(named);
      onFinding(named);
    }
  }
  return all;
}

async function findingsOf(examine: Examine, patient: Patient): Promise<readonly Finding[]> {
  try {
    return await examine(patient);
  } catch (error) {
    // Its text may quote what it choked on.
    const what = errorCode(error) ?? (error instanceof Error ? error.name : 'unknown');
    return [
      failed(`the examination itself failed (${what})`, 'Report it as a fault of preg-adapter doctor.'),
    ];
  }
}
