import { Argument, Command, InvalidArgumentError } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { canBeTakenUp } from '../../legacy/filematch/jobs/endings.js';
import type { FilematchJobs, JobView } from '../../legacy/filematch/jobs/filematch-jobs.js';
import { isOver } from '../../legacy/filematch/jobs/job.js';
import type { AuditEntry } from '../../operations/audit-trail.js';
import { newCorrelationId } from '../../runtime/correlation.js';
import { configurationOption } from '../configuration-option.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { jobDetails, jobTable } from './job-table.js';
import { withJobs } from './stored-jobs.js';

interface ConfigOptions {
  readonly config: string;
}

interface ListOptions extends ConfigOptions {
  readonly client?: string;
  readonly limit: number;
}

/** What an operator does with jobs, on the store, whether or not a server runs beside. */
export function operatorCommands(surroundings: Surroundings): readonly Command[] {
  return [
    listCommand(surroundings),
    showCommand(surroundings),
    jobCommand(surroundings, {
      name: 'pause',
      summary: 'let a job stand where it is',
      act: (jobs, id) =>
        jobs.hold(id, 'paused')
          ? `Job ${id} is paused; "preg-adapter filematch resume ${id}" goes on.`
          : undefined,
    }),
    jobCommand(surroundings, {
      name: 'resume',
      summary: 'end a pause, or take up a job that gave up',
      act: (jobs, id) => {
        if (!jobs.resume(id)) return undefined;
        return jobs.job(id)?.job.door === 'command-line'
          ? `Job ${id} goes on when "preg-adapter filematch run" is given the same file.`
          : `Job ${id} goes on.`;
      },
    }),
    jobCommand(surroundings, {
      name: 'cancel',
      summary: 'end a job for good, without a result',
      act: (jobs, id) => (jobs.hold(id, 'cancelled') ? `Job ${id} is cancelled.` : undefined),
    }),
    jobCommand(surroundings, {
      name: 'remove',
      summary: 'delete a job that is over, with its files and what was delivered to its drop folder',
      act: async (jobs, id) => ((await jobs.remove(id)) ? `Job ${id} is removed.` : undefined),
    }),
  ];
}

function listCommand(surroundings: Surroundings): Command {
  const { output } = surroundings;
  return new Command('list')
    .summary('list jobs, the newest first')
    .addOption(configurationOption())
    .option('--client <id>', 'those of this client alone')
    .option('--limit <number>', 'how many at most', wholeNumber, 50)
    .action(async ({ config, client, limit }: ListOptions) => {
      const jobs = await onJobs(config, surroundings, (stored) => stored.jobs({ clientId: client, limit }));
      output.stdout.write(
        jobs.length === 0 ? 'There are no jobs.\n' : jobTable(jobs, output.stdout.isTTY === true),
      );
    });
}

function showCommand(surroundings: Surroundings): Command {
  const { output } = surroundings;
  return new Command('show')
    .summary('show how a job stands')
    .addArgument(jobArgument())
    .addOption(configurationOption())
    .action(async (id: string, { config }: ConfigOptions) => {
      const view = await onJobs(config, surroundings, (jobs) => known(jobs, id));
      output.stdout.write(jobDetails(view, output.stdout.isTTY === true));
    });
}

interface JobDeed {
  readonly name: string;
  readonly summary: string;
  /** @returns what was done, in a sentence; undefined where the job is not in a state for it */
  readonly act: (jobs: FilematchJobs, id: string) => Promise<string | undefined> | string | undefined;
}

function jobCommand(surroundings: Surroundings, { name, summary, act }: JobDeed): Command {
  return new Command(name)
    .summary(summary)
    .addArgument(jobArgument())
    .addOption(configurationOption())
    .action(async (id: string, { config }: ConfigOptions) => {
      const done = await onJobs(config, surroundings, async (jobs, audit) => {
        const view = known(jobs, id);
        const sentence = await act(jobs, id);
        audit.record([auditEntry(surroundings, name, id, sentence === undefined ? 'refused' : 'done')]);
        if (sentence !== undefined) return sentence;
        throw new CommandFailed(
          (name === 'remove' && isOver(view.job)) || (name === 'resume' && canBeTakenUp(view.job))
            ? `The files of job ${id} are still being put away: try again.`
            : `Job ${id} is ${stateIn(view)}: there is nothing to ${name}.`,
        );
      });
      surroundings.output.stdout.write(`${done}\n`);
    });
}

function auditEntry(
  { clock, random }: Surroundings,
  name: string,
  job: string,
  outcome: 'done' | 'refused',
): AuditEntry {
  return {
    at: clock.now(),
    correlationId: newCorrelationId(random),
    clientId: 'command-line',
    protocol: 'command-line',
    operation: `filematch ${name}`,
    subject: null,
    outcome,
    keptSource: null,
    detail: { remoteAddress: 'localhost', job },
  };
}

function stateIn({ job, hold }: JobView): string {
  return isOver(job) || hold === null ? job.state : hold;
}

function known(jobs: FilematchJobs, id: string): JobView {
  const view = jobs.job(id);
  if (view === undefined) throw new CommandFailed(`There is no job ${id}.`);
  return view;
}

async function onJobs<Result>(
  config: string,
  surroundings: Surroundings,
  use: Parameters<typeof withJobs<Result>>[2],
): Promise<Result> {
  return withJobs(loadConfiguration({ ...surroundings, file: config }), surroundings, use);
}

function jobArgument(): Argument {
  return new Argument('<job>', 'the id of the job, of 26 letters and digits').argParser((text) => {
    const id = text.toUpperCase();
    if (/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)) return id;
    throw new InvalidArgumentError('A job id has 26 letters and digits.');
  });
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number from 1 to 999999 is expected.');
}
