import { Command } from 'commander';
import { loadWithSecretFiles, type ConfigurationWithFiles } from '../../config/load.js';
import { createCredentials } from '../../helseid/credentials.js';
import { closeHttpClient, createHttpClient } from '../../outbound/http-client.js';
import { certificateAuthority } from '../certificate-authority.js';
import { Closing } from '../closing.js';
import { configurationOption } from '../configuration-option.js';
import { CommandFailed, sandboxReporter } from '../report.js';
import { supply } from '../supplies.js';
import type { Surroundings } from '../surroundings.js';
import { unreadableConfiguration } from './configuration.js';
import { examineAll } from './examinations.js';
import { verdictOf, type NamedFinding } from './finding.js';
import { seePlaces } from './places.js';
import { findingText, findingsJson, summaryText } from './report.js';
import { seeRunningAdapter } from './running-adapter.js';

interface DoctorOptions {
  readonly config: string;
  readonly json?: boolean;
}

/** `preg-adapter doctor`: looks at everything that the adapter needs, and tells what is wrong and what to do. */
export function doctorCommand(surroundings: Surroundings): Command {
  const { stdout } = surroundings.output;
  return new Command('doctor')
    .summary('examine everything that the adapter needs, and say what to do')
    .description(
      'Looks at configuration, ports, certificates, secrets, disk, store, clock, tokens, Persontjenesten and PREG, also beside a\n' +
        'running server, and changes nothing. No call is about a person. Exit code 0 unless something has failed.\n' +
        'With a sandbox configuration it brings a sandbox of its own up.',
    )
    .addOption(configurationOption())
    .option('--json', 'as JSON')
    .action(async ({ config, json = false }: DoctorOptions) => {
      const findings = await examined(config, surroundings, (finding) => {
        if (!json) stdout.write(findingText(finding));
      });
      stdout.write(json ? findingsJson(findings, surroundings.clock.now()) : summaryText(findings));
      if (verdictOf(findings) === 'failed') throw new CommandFailed('Something has failed.');
    });
}

async function examined(
  file: string,
  surroundings: Surroundings,
  onFinding: (finding: NamedFinding) => void,
): Promise<readonly NamedFinding[]> {
  let read: ConfigurationWithFiles;
  try {
    read = loadWithSecretFiles({ ...surroundings, file });
  } catch (error) {
    const findings = unreadableConfiguration(error).map((one) => ({ examination: 'configuration', ...one }));
    findings.forEach(onFinding);
    return findings;
  }
  return examineRead(read, file, surroundings, onFinding);
}

async function examineRead(
  { configuration, secretFiles }: ConfigurationWithFiles,
  file: string,
  { clock, random, output }: Surroundings,
  onFinding: (finding: NamedFinding) => void,
): Promise<readonly NamedFinding[]> {
  const closing = new Closing();
  try {
    const { sandbox } = configuration;
    // Nobody is looked up, so that nobody has to be invented.
    const sparse =
      sandbox === undefined ? configuration : { ...configuration, sandbox: { ...sandbox, population: 0 } };
    const supplied = await supply(sparse, {
      clock,
      random,
      anyPorts: true,
      onTrouble: sandboxReporter(output),
    });
    closing.add(() => supplied.stop());
    const adapter = supplied.configuration;
    const http = createHttpClient({
      certificateAuthority: certificateAuthority(adapter),
      proxy: adapter.outbound.proxy,
    });
    closing.add(() => {
      closeHttpClient(http);
    });
    const credentials = await createCredentials({
      settings: adapter.helseid,
      usualTokens: adapter.persontjenesten.version === 2 ? 'bearer' : 'dpop',
      http,
      clock,
      random,
      events: { emit: () => undefined },
    });
    closing.add(() => {
      credentials.close();
    });
    return await examineAll(
      {
        configuration,
        adapter,
        file,
        secretFiles,
        running: await seeRunningAdapter(adapter.listeners.operations),
        places: await seePlaces(adapter, sandbox),
        http,
        credentials,
        clock,
        random,
      },
      onFinding,
    );
  } finally {
    await closing.run();
  }
}
