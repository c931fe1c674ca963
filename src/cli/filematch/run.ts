import { constants, createReadStream } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import type { ClientSettings, Configuration } from '../../config/schema.js';
import { errorCode } from '../../errors/error-code.js';
import { problemOfCustomerRef } from '../../legacy/filematch/customer-ref.js';
import type { DeliveredFile, FilematchJobs, JobView } from '../../legacy/filematch/jobs/filematch-jobs.js';
import { modes, type Mode } from '../../legacy/filematch/record.js';
import { openAdapter } from '../open-adapter.js';
import { Closing } from '../closing.js';
import { configurationOption } from '../configuration-option.js';
import { CommandFailed, sandboxReporter, type Output } from '../report.js';
import { listenForEnd } from '../signals.js';
import { supply } from '../supplies.js';
import type { Surroundings } from '../surroundings.js';
import { untilStopped } from '../until-stopped.js';
import { USAGE } from './exit-codes.js';
import { conclusion, passedOver, settledBefore } from './job-report.js';
import { ProgressDisplay } from './progress-display.js';
import { workThrough } from './work-through.js';

interface RunOptions {
  readonly config: string;
  readonly client?: string;
  readonly out?: string;
  readonly mode?: Mode;
  readonly customerRef?: string;
  readonly force?: boolean;
}

/** `preg-adapter filematch run FILE`: matches one file, from here to its result. */
export function runFileCommand(surroundings: Surroundings): Command {
  return new Command('run')
    .summary('match a file and write its result')
    .description(
      'Takes a file in, looks every row up as the client may, and writes result, rejects and receipt beside the file or into\n' +
        'another folder. With a sandbox configuration it brings its own sandbox up. Ctrl-C leaves the job where it stands: the\n' +
        'same command goes on from there; a second Ctrl-C, a second or more later, ends at once, and loses nothing either.\n' +
        'Exit code 0 when the job completed, 1 when it was rejected or failed, 2 when the command is wrong, 130 after Ctrl-C.',
    )
    .addArgument(new Argument('<file>', 'the file, in one of the layouts of the client'))
    .addOption(configurationOption())
    .option('--client <id>', 'on whose behalf (default: the first one enabled that speaks filematch)')
    .option(
      '--out <folder>',
      'where result, rejects and receipt go; made when missing (default: beside the file)',
    )
    .addOption(
      new Option(
        '--mode <mode>',
        'for a file without a header: V result, K status and mask, E changes',
      ).choices(modes),
    )
    .addOption(
      new Option(
        '--customer-ref <text>',
        'for a file without a header: your reference, which the receipt repeats',
      ).argParser(customerRef),
    )
    .option('--force', 'process a file again that was processed before')
    .addHelpText(
      'after',
      '\nExample:\n  preg-adapter filematch run docs/examples/filematch.csv --out /tmp/filematch\n',
    )
    .action(async (path: string, options: RunOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: options.config });
      const client = speaking(configuration, options.client);
      await assertFile(path);
      const directory = resolve(options.out ?? dirname(path));
      await makeFolder(directory);
      const file: DeliveredFile = {
        clientId: client.id,
        door: 'command-line',
        fileName: basename(path),
        mode: options.mode ?? client.filematch.mode,
        customerRef: options.customerRef ?? '',
        remoteAddress: 'localhost',
        directory,
        forced: options.force === true,
      };
      await runFile(configuration, file, { path, options, surroundings });
    });
}

function customerRef(text: string): string {
  const problem = problemOfCustomerRef(text);
  if (problem !== undefined) throw new InvalidArgumentError(`It ${problem}.`);
  return text;
}

interface Run {
  readonly path: string;
  readonly options: RunOptions;
  readonly surroundings: Surroundings;
}

async function runFile(configuration: Configuration, file: DeliveredFile, run: Run): Promise<void> {
  const { clock, random, output, signals, exitNow } = run.surroundings;
  const interrupted = new AbortController();
  const stopListening = listenForEnd({
    source: signals,
    clock,
    onFirst: () => {
      interrupted.abort();
    },
    onInsistence: exitNow,
  });
  const closing = new Closing();
  closing.add(stopListening);
  try {
    const display = new ProgressDisplay(output.stderr, clock);
    const shown: Output = {
      stdout: output.stdout,
      stderr: {
        write: (text) => {
          display.above(text);
        },
      },
    };
    const quiet: Configuration = { ...configuration, logging: { ...configuration.logging, level: 'error' } };
    const supplied = await supply(quiet, {
      clock,
      random,
      anyPorts: true,
      onTrouble: sandboxReporter(shown),
    });
    closing.add(() => supplied.stop());
    const opened = await openAdapter({
      configuration: supplied.configuration,
      clock,
      random,
      log: writingTo(shown),
    });
    closing.add(() => opened.close());
    // A file may take hours, and its end may never come.
    closing.add(untilStopped(opened.countUsage));
    const { jobs } = opened.filematch;
    const view = await displayed(display, (onProgress) =>
      worked(jobs, file, { ...run, onProgress, shown, signal: interrupted.signal }),
    );
    output.stdout.write(conclusion(view, jobs.receipt(view.job.id)));
  } finally {
    await closing.run();
  }
}

/** Shows progress while the work runs. */
async function displayed(
  display: ProgressDisplay,
  work: (onProgress: (view: JobView) => void) => Promise<JobView>,
): Promise<JobView> {
  const done = new AbortController();
  const drawing = display.run(done.signal);
  try {
    return await work((view) => {
      display.show(view);
    });
  } finally {
    done.abort();
    await drawing;
  }
}

interface Work extends Run {
  readonly onProgress: (view: JobView) => void;
  readonly shown: Output;
  readonly signal: AbortSignal;
}

async function worked(jobs: FilematchJobs, file: DeliveredFile, work: Work): Promise<JobView> {
  const { path, options, shown, signal, onProgress } = work;
  const { mode, customerRef, out } = options;
  const asked = { mode, customerRef, directory: out === undefined ? undefined : file.directory };
  const tell = (note: string | undefined): void => {
    if (note !== undefined) shown.stderr.write(`${note}\n`);
  };
  let told = false;
  return workThrough({
    jobs,
    file,
    content: contentOf(path, signal),
    signal,
    onTakenUp: (view) => {
      const { id } = view.job;
      tell(
        view.hold === 'paused'
          ? `Job ${id}, which was not finished, is paused: "preg-adapter filematch resume ${id}" lets it go on.`
          : `Going on with job ${id}, which was not finished.`,
      );
      tell(settledBefore(view, asked));
      told = true;
    },
    onProgress: (view) => {
      onProgress(view);
      if (told || view.job.survey === null) return;
      told = true;
      tell(passedOver(view, asked));
    },
  });
}

/** Opened when it is read: what nobody reads cannot fail where nobody hears of it. */
async function* contentOf(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(path, { signal })) if (piece instanceof Uint8Array) yield piece;
}

function writingTo({ stderr }: Output): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => {
      stderr.write(String(chunk));
      done();
    },
  });
}

/** @throws CommandFailed where nobody may bring files, or not this one */
function speaking({ clients }: Configuration, id: string | undefined): ClientSettings {
  const client = clients.find((one) =>
    id === undefined ? one.enabled && one.protocols.includes('filematch') : one.id === id,
  );
  if (client === undefined) {
    throw new CommandFailed(
      id === undefined
        ? 'No client is enabled that speaks filematch; add it to protocols of one in clients[].'
        : `There is no client ${id} in clients[].`,
      USAGE,
    );
  }
  if (!client.enabled) throw new CommandFailed(`The client ${client.id} is not enabled.`, USAGE);
  if (client.protocols.includes('filematch')) return client;
  throw new CommandFailed(`The client ${client.id} does not have filematch in its protocols.`, USAGE);
}

async function assertFile(path: string): Promise<void> {
  let isFile: boolean;
  try {
    isFile = (await stat(path)).isFile();
    await access(path, constants.R_OK);
  } catch (error) {
    throw new CommandFailed(`The file cannot be read (${errorCode(error) ?? 'unknown'}).`, USAGE);
  }
  if (!isFile) throw new CommandFailed('That is not a file.', USAGE);
}

async function makeFolder(directory: string): Promise<void> {
  try {
    // What goes there tells of people.
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new CommandFailed(
      `The folder of the result cannot be made (${errorCode(error) ?? 'unknown'}).`,
      USAGE,
    );
  }
}
