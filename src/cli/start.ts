import { relative } from 'node:path';
import { Command } from 'commander';
import { parsePasswordHash, verifyPassword } from '../access/password-hash.js';
import { loadConfiguration } from '../config/load.js';
import type { Configuration } from '../config/schema.js';
import type { ListeningOn } from '../operations/listening.js';
import type { Sandbox } from '../sandbox/sandbox.js';
import { serveAdapter, type RunningAdapter } from './adapter-process.js';
import { Closing } from './closing.js';
import { configurationOption } from './configuration-option.js';
import { withKnownOperations } from './cutover/route-problems.js';
import { examplePath, hl7v2ExamplePath } from './example.js';
import { speaksFilematch } from './filematch/open-filematch.js';
import { Reloading } from './reloading.js';
import { sandboxReporter } from './report.js';
import { sandboxCertificateFile } from './sandbox-certificate.js';
import { listenForEnd, listenForReload } from './signals.js';
import type { SandboxPreg } from './sandbox-preg/sandbox-preg.js';
import { supply, type SuppliedConfiguration } from './supplies.js';
import type { Surroundings } from './surroundings.js';

/** `preg-adapter start`: serves until it is asked to end. */
export function startCommand(surroundings: Surroundings): Command {
  return new Command('start')
    .summary('start the adapter, with its sandbox where the configuration has one')
    .description(
      'Starts the adapter and serves until Ctrl-C or SIGTERM; then finishes what is in flight and ends with exit code 0.\n' +
        'A second signal, a second or more later, ends it at once. SIGHUP has it read its configuration again and change\n' +
        'what can be changed without a restart: clients, profiles, purposes, the level of the log, and the cutover.',
    )
    .addOption(configurationOption())
    .action(async ({ config }: { config: string }) => {
      const read = (): Configuration =>
        withKnownOperations(loadConfiguration({ ...surroundings, file: config }));
      await start(read, surroundings);
    });
}

async function start(read: () => Configuration, surroundings: Surroundings): Promise<void> {
  const { clock, random, output, signals } = surroundings;
  const configuration = read();
  const reloads = new ReloadsAsked();
  const ending = new Promise<void>((resolve) => {
    const end = (): void => {
      reloads.ignore();
      resolve();
    };
    listenForEnd({ source: signals, clock, onFirst: end, onInsistence: surroundings.exitNow });
    listenForReload({
      source: signals,
      hasTerminal: surroundings.hasTerminal,
      onReload: () => {
        reloads.ask();
      },
      onTerminalGone: end,
    });
  });
  const closing = new Closing();
  try {
    const supplied = await supply(configuration, { clock, random, onTrouble: sandboxReporter(output) });
    closing.add(() => supplied.stop());
    const running = await serveAdapter({
      configuration: supplied.configuration,
      clock,
      random,
      log: surroundings.log,
    });
    closing.add(() => running.stop());
    reloads.answer(new Reloading({ configuration, read, ...running, clock, random }));
    output.stdout.write(await welcome(configuration, running, supplied));
    await ending;
    output.stdout.write('Ending: finishing what is in flight …\n');
  } finally {
    await closing.run();
  }
  output.stdout.write('Ended.\n');
}

/** Requests to reload: one that comes during the start is kept until it is over, and none is heard from the end on. */
class ReloadsAsked {
  #reloading: Reloading | undefined;
  #isAsked = false;
  #isIgnored = false;

  ask(): void {
    if (this.#isIgnored) return;
    if (this.#reloading === undefined) this.#isAsked = true;
    else this.#reloading.reload();
  }

  answer(reloading: Reloading): void {
    this.#reloading = reloading;
    if (this.#isAsked) this.ask();
  }

  ignore(): void {
    this.#isIgnored = true;
  }
}

const SANDBOX_ACCOUNT = 'epj-sandbox';

async function welcome(
  configuration: Configuration,
  running: RunningAdapter,
  { sandbox, preg }: SuppliedConfiguration,
): Promise<string> {
  const scheme = configuration.listeners.legacy.plaintext ? 'http' : 'https';
  const legacy = `${scheme}://${authority(running.legacy)}`;
  const operations = `${configuration.listeners.operations.tls === undefined ? 'http' : 'https'}://${authority(running.operations)}`;
  const lines = [
    'preg-adapter is ready.',
    '',
    `  HL7 v3           ${legacy}/Personregister.HL7/PersonRegistry.svc`,
    `                   ${legacy}/Personregister.HL7/HL7/PersonRegistry.svc`,
    `  Personregister   ${legacy}/Personregister.WCF/PersonService.svc`,
    ...(running.oldTls === undefined ? [] : [`  Old TLS          https://${authority(running.oldTls)}`]),
    ...hl7v2Lines(configuration, running, legacy),
    ...(configuration.clients.some(speaksFilematch) ? [`  Filematch        ${legacy}/filematch/jobs`] : []),
    `  Operations       ${operations}/`,
    `                   ${operations}/health/live`,
    `                   ${operations}/health/ready`,
    ...(sandbox === undefined ? [] : sandboxLines(sandbox)),
    ...(preg === undefined ? [] : pregLines(preg)),
    ...(sandbox !== undefined && (await hasSandboxAccount(configuration))
      ? [...lookupLines(configuration, legacy), ...queryLines(configuration, running)]
      : []),
    '',
    'Ctrl-C ends it.',
    '',
  ];
  return lines.join('\n');
}

function hl7v2Lines(
  { clients, listeners }: Configuration,
  { mllp }: RunningAdapter,
  legacy: string,
): readonly string[] {
  if (!clients.some(({ enabled, protocols }) => enabled && protocols.includes('hl7v2'))) return [];
  const overTls = listeners.mllp?.tls === undefined ? '' : ' with TLS';
  return [
    `  HL7 v2           ${legacy}/hl7v2`,
    ...(mllp === undefined ? [] : [`                   ${authority(mllp)} (MLLP${overTls})`]),
  ];
}

function sandboxLines(sandbox: Sandbox): readonly string[] {
  return [
    `  Persontjenesten  ${sandbox.persontjenestenUrl} (sandbox)`,
    `  HelseID          ${sandbox.issuer} (sandbox)`,
  ];
}

function pregLines(preg: SandboxPreg): readonly string[] {
  return [`  PREG             ${preg.hl7v3Url} (sandbox)`, `                   ${preg.pregXmlUrl} (sandbox)`];
}

async function hasSandboxAccount(configuration: Configuration): Promise<boolean> {
  const settings = configuration.clients.find(({ username }) => username === SANDBOX_ACCOUNT);
  const hash = parsePasswordHash(settings?.passwordHash ?? '');
  return hash !== undefined && settings?.enabled === true && verifyPassword(SANDBOX_ACCOUNT, hash);
}

function lookupLines(configuration: Configuration, legacy: string): readonly string[] {
  const certificate = sandboxCertificateFile(configuration.data.directory);
  return [
    '',
    `  Account          user ${SANDBOX_ACCOUNT}, password ${SANDBOX_ACCOUNT}`,
    '',
    'Look a person up, from this folder:',
    '',
    `  sed "s/NOW/$(date -u +%Y-%m-%dT%H:%M:%SZ)/" ${quoted(fromHere(examplePath()))}` +
      ` | curl --silent --cacert ${quoted(fromHere(certificate))}` +
      ` --header "Content-Type: application/soap+xml; charset=utf-8" --data-binary @-` +
      ` ${legacy}/Personregister.HL7/PersonRegistry.svc`,
  ];
}

/** Where anybody on this machine may ask in the clear, which takes no more than a pipe. */
function queryLines({ listeners }: Configuration, { mllp }: RunningAdapter): readonly string[] {
  if (mllp === undefined || listeners.mllp?.tls !== undefined) return [];
  return [
    '',
    'The same by HL7 v2:',
    '',
    String.raw`  { printf '\013'; sed "s/NOW/$(date +%Y%m%d%H%M%S%z)/" ${quoted(fromHere(hl7v2ExamplePath()))}; printf '\034\r'; }` +
      String.raw` | curl --silent --max-time 3 telnet://${authority(mllp)} | tr '\r' '\n'`,
  ];
}

function fromHere(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function authority({ host, port }: ListeningOn): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
