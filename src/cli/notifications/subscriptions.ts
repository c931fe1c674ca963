import { readFileSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import type { Configuration } from '../../config/schema.js';
import { errorCode } from '../../errors/error-code.js';
import type { NationalId } from '../../person/national-id.js';
import type { Store } from '../../store/store.js';
import { aligned } from '../aligned.js';
import { configurationOption } from '../configuration-option.js';
import { withStore } from '../opened-store.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { operatorEntry } from '../operator-entry.js';
import { readNumberList, type NumberList } from './number-list.js';

interface ConfigOptions {
  readonly config: string;
}

interface ReceiverOptions extends ConfigOptions {
  readonly receiver: string;
}

interface LoadOptions extends ReceiverOptions {
  readonly replace?: boolean;
  readonly skipBad?: boolean;
}

/** Numbers that are written in one transaction, so that a server beside never waits for long. */
const PORTION = 500;
/** Lines that are named one by one. */
const NAMED_LINES = 20;

/** `preg-adapter subscriptions`: whom receivers of HL7 v2 are told of. No number ever leaves it. */
export function subscriptionsCommand(surroundings: Surroundings): Command {
  const subscriptions = new Command('subscriptions').summary('whom receivers of HL7 v2 are told of');
  for (const command of [
    loadCommand(surroundings),
    listCommand(surroundings),
    countCommand(surroundings),
    clearCommand(surroundings),
  ]) {
    subscriptions.addCommand(command);
  }
  return subscriptions;
}

function loadCommand(surroundings: Surroundings): Command {
  return new Command('load')
    .summary('have a receiver told of the people whose numbers a file holds')
    .description(
      'Reads one number from each line of the file, or from its first column. A line that holds none is named by its place\n' +
        'in the file, and nothing is loaded then.',
    )
    .addArgument(new Argument('<file>', 'numbers, one in each line, or CSV with numbers in the first column'))
    .addOption(configurationOption())
    .addOption(receiverOption())
    .option('--replace', 'nobody else is followed from now on')
    .option('--skip-bad', 'load the others where a line holds no number')
    .action(async (file: string, { config, receiver, replace = false, skipBad = false }: LoadOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      requireReceiver(configuration, receiver);
      const list = readNumberList(textOf(file));
      const bad = describeBadLines(list);
      if (bad !== undefined && !skipBad) {
        throw new CommandFailed(`${bad} Nothing was loaded; --skip-bad loads the others.`);
      }
      const { added, removed } = await withStore(configuration, surroundings, (store) => {
        const operation = replace ? 'subscriptions load --replace' : 'subscriptions load';
        store.audit.record([
          operatorEntry(surroundings, operation, { receiver, count: list.numbers.length }),
        ]);
        return load(store, receiver, list.numbers, replace);
      });
      const { stdout, stderr } = surroundings.output;
      if (bad !== undefined) stderr.write(`${bad}\n`);
      if (list.irregular > 0) {
        stderr.write(
          `${people(list.irregular, 'number')} with irregular check digits; followed all the same.\n`,
        );
      }
      stdout.write(
        `${receiver}: ${people(list.numbers.length, 'number')} in the file, ${added} new` +
          `${replace ? `, ${removed} followed no more` : ''}.\n`,
      );
    });
}

function listCommand(surroundings: Surroundings): Command {
  return new Command('list')
    .summary('show how many each receiver is told of, and how they came')
    .addOption(configurationOption())
    .action(async ({ config }: ConfigOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const counts = await withStore(configuration, surroundings, (store) => store.subscriptions.counts());
      const configured = new Set(configuration.hl7v2.notifications.receivers.map(({ id }) => id));
      const titles = ['RECEIVER', 'ALL', 'BY FILE', 'BY LOOKUP', 'IN PLACE', 'GAVE WAY', 'KNOWN'];
      const rows = counts.map(({ receiver, all, byFile, byLookup, byFollowing, gaveWay, known }) => [
        // Nothing is told to it, and nobody it follows is forgotten but by who clears them.
        configured.has(receiver) ? receiver : `${receiver} (not configured)`,
        ...[all, byFile, byLookup, byFollowing, gaveWay, known].map(String),
      ]);
      surroundings.output.stdout.write(
        rows.length === 0 ? 'Nobody is followed.\n' : aligned([titles, ...rows]),
      );
    });
}

function countCommand(surroundings: Surroundings): Command {
  return new Command('count')
    .summary('print how many numbers a receiver follows')
    .addOption(configurationOption())
    .addOption(receiverOption())
    .action(async ({ config, receiver }: ReceiverOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const counts = await withStore(configuration, surroundings, (store) => store.subscriptions.counts());
      const count = counts.find((one) => one.receiver === receiver);
      if (count === undefined) requireReceiver(configuration, receiver);
      surroundings.output.stdout.write(`${count?.all ?? 0}\n`);
    });
}

function clearCommand(surroundings: Surroundings): Command {
  return new Command('clear')
    .summary('have a receiver told of nobody any more')
    .description(
      'Deletes whom the receiver follows, and what waits to be told of them; also of one that is in the configuration no more.',
    )
    .addOption(configurationOption())
    .addOption(receiverOption())
    .action(async ({ config, receiver }: ReceiverOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const removed = await withStore(configuration, surroundings, (store) => {
        const count = countOf(store, receiver);
        store.audit.record([operatorEntry(surroundings, 'subscriptions clear', { receiver, count })]);
        return exhaust(() => store.subscriptions.clear(receiver));
      });
      surroundings.output.stdout.write(`${receiver}: ${people(removed, 'number')} followed no more.\n`);
    });
}

function load(
  { subscriptions }: Store,
  receiver: string,
  numbers: readonly NationalId[],
  replace: boolean,
): { readonly added: number; readonly removed: number } {
  const begun = subscriptions.beginLoad(receiver);
  let added = 0;
  for (let start = 0; start < numbers.length; start += PORTION) {
    const portion = numbers.slice(start, start + PORTION);
    added += subscriptions.load(receiver, portion, begun, { anew: replace });
  }
  // Last, so that nobody who is on both lists is ever on none.
  const removed = replace ? exhaust(() => subscriptions.dropBefore(receiver, begun)) : 0;
  return { added, removed };
}

function countOf({ subscriptions }: Store, receiver: string): number {
  return subscriptions.counts().find((one) => one.receiver === receiver)?.all ?? 0;
}

function exhaust(portion: () => number): number {
  let total = 0;
  for (let count = portion(); count > 0; count = portion()) total += count;
  return total;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailed(`${file} cannot be read (${errorCode(error) ?? 'unknown'}).`);
  }
}

function describeBadLines({ badLines }: NumberList): string | undefined {
  if (badLines.length === 0) return undefined;
  const named = badLines.slice(0, NAMED_LINES).join(', ');
  const more = badLines.length > NAMED_LINES ? ` and ${badLines.length - NAMED_LINES} more` : '';
  return badLines.length === 1
    ? `Line ${named} holds no number of 11 or 12 digits.`
    : `Lines ${named}${more} hold no number of 11 or 12 digits.`;
}

function requireReceiver({ hl7v2 }: Configuration, receiver: string): void {
  const known = hl7v2.notifications.receivers.map(({ id }) => id);
  if (known.includes(receiver)) return;
  throw new CommandFailed(
    known.length === 0
      ? 'There are no hl7v2.notifications.receivers in the configuration.'
      : `There is no receiver ${receiver}; there is ${known.join(', ')}.`,
  );
}

function receiverOption(): Option {
  return new Option('-r, --receiver <id>', 'one of hl7v2.notifications.receivers').makeOptionMandatory();
}

function people(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
