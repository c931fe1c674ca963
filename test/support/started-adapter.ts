import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';
import { sandboxCertificateFile } from '../../src/cli/sandbox-certificate.js';
import { RunningProgram } from './adapter-program.js';
import { HL7V3_PATH } from './get-demographics-request.js';
import type { Destination } from './https-post.js';

/** Settings that let several adapters run side by side, nobody in their sandboxes but the persons of the folders. */
export function freePorts(dataDirectory: string): Record<string, string> {
  return {
    PREG_ADAPTER__DATA__DIRECTORY: dataDirectory,
    PREG_ADAPTER__SANDBOX__PORT: '0',
    PREG_ADAPTER__SANDBOX__POPULATION: '0',
    PREG_ADAPTER__LISTENERS__LEGACY__PORT: '0',
    PREG_ADAPTER__LISTENERS__MLLP__PORT: '0',
    PREG_ADAPTER__LISTENERS__OPERATIONS__PORT: '0',
    // What it logs would come in between what a test reads.
    PREG_ADAPTER__EVENTS__ENABLED: 'false',
    PREG_ADAPTER__UPSTREAM__PROBE_SECONDS: '0',
  };
}

/** Starts the adapter with the sandbox's configuration. */
export function startProgram(environment: Readonly<Record<string, string>>): RunningProgram {
  const config = join(packageRoot(), 'config', 'sandbox.yaml');
  return RunningProgram.adapter(['start', '--config', config], { environment });
}

/** Where a program serves, once it has said so. */
export interface Served {
  readonly service: Destination;
  readonly operationsUrl: string;
}

/** Waits until the program is ready and reads its addresses. */
export async function served(program: RunningProgram, dataDirectory: string): Promise<Served> {
  const [, legacyUrl = ''] = await program.says(/HL7 v3 +(https:\/\/[^/]+)/);
  const [, operationsUrl = ''] = await program.says(/Operations +(http:\/\/[^/]+)/);
  await program.says(/^Ctrl-C ends it\.$/);
  const ca = readFileSync(sandboxCertificateFile(dataDirectory), 'utf8');
  return { service: { url: legacyUrl + HL7V3_PATH, ca }, operationsUrl };
}
