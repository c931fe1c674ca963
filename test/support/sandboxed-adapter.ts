import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { serveAdapter, type RunningAdapter } from '../../src/cli/adapter-process.js';
import { sandboxCertificateFile } from '../../src/cli/sandbox-certificate.js';
import type { SandboxPreg } from '../../src/cli/sandbox-preg/sandbox-preg.js';
import { supply } from '../../src/cli/supplies.js';
import { loadConfiguration } from '../../src/config/load.js';
import { packageRoot } from '../../src/config/package-root.js';
import type { Clock } from '../../src/runtime/clock.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';

/** The adapter on its sandbox, as `npm start` runs it, on free ports and with a data folder of its own. */
export interface SandboxedAdapter {
  readonly sandbox: Sandbox;
  /** The sandbox's PREG, where the settings have one, such as `PREG_ADAPTER__SANDBOX__PREG__PORT: '0'`. */
  readonly preg: SandboxPreg | undefined;
  readonly running: RunningAdapter;
  /** `https://127.0.0.1:port`. */
  readonly legacyUrl: string;
  readonly operationsUrl: string;
  readonly dataDirectory: string;
  /** The certificate to trust: the file, and its text. */
  readonly certificateFile: string;
  readonly certificatePem: string;
  /** Every log line so far. */
  log(): string;
  /** The first match in a log line, as soon as there is one. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends everything and removes the data folder. */
  stop(): Promise<void>;
}

/** Starts it. Settings are given as environment variables, `PREG_ADAPTER__…`. @param clock of the adapter, not of its sandbox */
export async function startSandboxedAdapter(
  environment: Readonly<Record<string, string>> = {},
  clock: Clock = systemClock,
): Promise<SandboxedAdapter> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'preg-adapter-'));
  const configuration = loadConfiguration({
    file: join(packageRoot(), 'config', 'sandbox.yaml'),
    clock: systemClock,
    environment: {
      PREG_ADAPTER__DATA__DIRECTORY: dataDirectory,
      PREG_ADAPTER__SANDBOX__PORT: '0',
      PREG_ADAPTER__SANDBOX__POPULATION: '0',
      PREG_ADAPTER__LISTENERS__LEGACY__PORT: '0',
      PREG_ADAPTER__LISTENERS__MLLP__PORT: '0',
      PREG_ADAPTER__LISTENERS__OPERATIONS__PORT: '0',
      // Its calls would come in between those that a test counts, delays or lets fail.
      PREG_ADAPTER__EVENTS__ENABLED: 'false',
      PREG_ADAPTER__UPSTREAM__PROBE_SECONDS: '0',
      // How many of a crowd are let in goes by how quickly the machine gets on, which no test may depend on.
      PREG_ADAPTER__LISTENERS__LEGACY__MAX_WAIT_MILLISECONDS: '60000',
      PREG_ADAPTER__LOGGING__LEVEL: 'debug',
      PREG_ADAPTER__LOGGING__FORMAT: 'json',
      ...environment,
    },
  });
  const surroundings = { clock: systemClock, random: systemRandom };
  const supplied = await supply(configuration, {
    ...surroundings,
    onTrouble: (error) => {
      throw error;
    },
  });
  const { sandbox, preg, configuration: complete } = supplied;
  if (sandbox === undefined) throw new Error('config/sandbox.yaml has no sandbox');
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const log = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      for (const look of [...waiting]) look();
      done();
    },
  });
  const running = await serveAdapter({ configuration: complete, ...surroundings, clock, log });
  const certificateFile = sandboxCertificateFile(dataDirectory);
  return {
    sandbox,
    preg,
    running,
    legacyUrl: `https://127.0.0.1:${running.legacy.port}`,
    operationsUrl: `http://127.0.0.1:${running.operations.port}`,
    dataDirectory,
    certificateFile,
    certificatePem: readFileSync(certificateFile, 'utf8'),
    log: () => lines.join(''),
    says: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          const match = pattern.exec(lines.join(''));
          if (match === null) return;
          waiting.delete(look);
          resolve(match);
        };
        waiting.add(look);
        look();
      }),
    stop: async () => {
      await running.stop();
      await supplied.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
