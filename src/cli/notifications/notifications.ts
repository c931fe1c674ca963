import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import type { NotificationView } from '../../legacy/hl7v2/notifications/queue.js';
import type { NationalId } from '../../person/national-id.js';
import type { Store } from '../../store/store.js';
import { SealBroken, UnknownSealingKey } from '../../store/store-errors.js';
import { aligned } from '../aligned.js';
import { configurationOption } from '../configuration-option.js';
import { withStore } from '../opened-store.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { operatorEntry } from '../operator-entry.js';

interface ConfigOptions {
  readonly config: string;
}

interface ListOptions extends ConfigOptions {
  readonly receiver?: string;
  readonly waiting?: boolean;
  readonly limit: number;
}

interface ShowOptions extends ConfigOptions {
  readonly number?: boolean;
}

interface DeedOptions extends ConfigOptions {
  readonly receiver?: string;
  readonly all?: boolean;
}

/** `preg-adapter notifications`: what could not be sent to receivers of HL7 v2, and what waits. */
export function notificationsCommand(surroundings: Surroundings): Command {
  const notifications = new Command('notifications').summary(
    'look after messages to receivers of HL7 v2 that were given up',
  );
  for (const command of [
    listCommand(surroundings),
    showCommand(surroundings),
    deedCommand(surroundings, {
      name: 'retry',
      summary: 'send a message again that was given up',
      done: 'sent again',
      isPossible: ({ state, kind }) => state === 'dead' && kind !== 'split',
      act: ({ notifications: queue }, id) => queue.retry(id),
      impossible:
        'was not given up, tells of a split, which no message can, or of somebody who is not followed any more',
    }),
    deedCommand(surroundings, {
      name: 'discard',
      summary: 'delete a message that was given up',
      done: 'deleted',
      isPossible: ({ state }) => state === 'dead',
      act: ({ notifications: queue }, id) => queue.discard(id),
      impossible: 'was not given up; who is not followed any more is not told of',
    }),
  ]) {
    notifications.addCommand(command);
  }
  return notifications;
}

function listCommand(surroundings: Surroundings): Command {
  return new Command('list')
    .summary('list what was given up, the newest first')
    .addOption(configurationOption())
    .addOption(receiverOption())
    .option('--waiting', 'what waits to be sent instead, the oldest first')
    .option('--limit <number>', 'how many at most', wholeNumber, 50)
    .action(async ({ config, receiver, waiting = false, limit }: ListOptions) => {
      const state = waiting ? 'waiting' : 'dead';
      const views = await onStore(config, surroundings, (store) => {
        store.audit.record([operatorEntry(surroundings, 'notifications list', { receiver })]);
        return store.notifications.list({ receiver, state, limit });
      });
      const none = waiting ? 'Nothing waits.\n' : 'Nothing was given up.\n';
      surroundings.output.stdout.write(views.length === 0 ? none : table(views));
    });
}

function showCommand(surroundings: Surroundings): Command {
  const { stdout } = surroundings.output;
  return new Command('show')
    .summary('show one, which counts as seen from then on')
    .addArgument(idArgument())
    .addOption(configurationOption())
    .option('--number', 'also whom it is about; on a terminal alone, and told to the audit trail')
    .action(async (id: number, { config, number = false }: ShowOptions) => {
      if (number && stdout.isTTY !== true) {
        throw new CommandFailed('A number is shown on a terminal alone, so that it is written nowhere.');
      }
      const text = await onStore(config, surroundings, (store) => {
        const view = known(store, id);
        const subject = subjectOf(view);
        const operation = number ? 'notifications show --number' : 'notifications show';
        store.audit.record([operatorEntry(surroundings, operation, { receiver: view.receiver, subject })]);
        store.notifications.see(id);
        return details(view, number ? (subject ?? 'cannot be opened with these keys') : undefined);
      });
      stdout.write(text);
    });
}

interface Deed {
  readonly name: string;
  readonly summary: string;
  readonly done: string;
  readonly isPossible: (view: NotificationView) => boolean;
  /** @returns whether it could be done */
  readonly act: (store: Store, id: number) => boolean;
  readonly impossible: string;
}

function deedCommand(
  surroundings: Surroundings,
  { name, summary, done, isPossible, act, impossible }: Deed,
): Command {
  const operation = `notifications ${name}`;
  return new Command(name)
    .summary(summary)
    .addArgument(idArgument().argOptional())
    .addOption(configurationOption())
    .option('--all', 'all that were given up')
    .addOption(receiverOption())
    .action(async (id: number | undefined, { config, all = false, receiver }: DeedOptions) => {
      if ((id === undefined) !== all) throw new CommandFailed('Name one of them by its id, or all by --all.');
      const sentence = await onStore(config, surroundings, (store) => {
        const views = id === undefined ? everything(store, receiver) : [known(store, id)];
        const acted = views.filter((view) => {
          const outcome = isPossible(view) ? 'done' : 'refused';
          const about = { receiver: view.receiver, subject: subjectOf(view), outcome } as const;
          store.audit.record([operatorEntry(surroundings, operation, about)]);
          return outcome === 'done' && act(store, view.id);
        });
        if (id !== undefined && acted.length === 0)
          throw new CommandFailed(`Notification ${id} ${impossible}.`);
        return id === undefined
          ? `${acted.length} of ${views.length} ${done}.`
          : `Notification ${id} ${done}.`;
      });
      surroundings.output.stdout.write(`${sentence}\n`);
    });
}

/** More than anybody has looked through; whoever has more calls again. */
const MOST = 10_000;

function everything({ notifications }: Store, receiver: string | undefined): readonly NotificationView[] {
  return notifications.list({ receiver, state: 'dead', limit: MOST });
}

function known({ notifications }: Store, id: number): NotificationView {
  const view = notifications.byId(id);
  if (view === undefined) throw new CommandFailed(`There is no notification ${id}.`);
  return view;
}

/** Null where the key is not there any more: whoever clears up must be able to. */
function subjectOf(view: NotificationView): NationalId | null {
  try {
    return view.number;
  } catch (error) {
    if (error instanceof SealBroken || error instanceof UnknownSealingKey) return null;
    throw error;
  }
}

function table(views: readonly NotificationView[]): string {
  const titles = ['ID', 'RECEIVER', 'CHANGE', 'SENT AS', 'PROBLEM', 'SEEN (UTC)', 'TRIES', 'LOOKED AT'];
  const rows = views.map((view) => [
    String(view.id),
    view.receiver,
    view.kind,
    view.sentAs ?? '',
    view.problem ?? '',
    view.queuedAt.toISOString().slice(0, 16).replace('T', ' '),
    String(view.attempts),
    view.seenAt === null ? 'no' : 'yes',
  ]);
  return aligned([titles, ...rows]);
}

function details(view: NotificationView, number: string | undefined): string {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Notification', String(view.id)],
    ['Receiver', view.receiver],
    ['Number', number],
    ['Change', view.kind],
    ['State', view.state === 'dead' ? 'given up' : 'waiting'],
    ['Problem', view.problem ?? undefined],
    ['Control id', view.controlId],
    ['Sent as', view.sentAs ?? undefined],
    ['Sent', view.attempts === 1 ? 'once' : `${view.attempts} times`],
    ['Change seen', view.queuedAt.toISOString()],
    ['Sent next', view.state === 'waiting' ? view.dueAt.toISOString() : undefined],
    ['Given up', view.diedAt?.toISOString()],
    ['Looked at', view.seenAt?.toISOString()],
  ];
  return aligned(lines.flatMap(([title, text]) => (text === undefined ? [] : [[title, text]])));
}

async function onStore<Result>(
  config: string,
  surroundings: Surroundings,
  use: (store: Store) => Result,
): Promise<Result> {
  return withStore(loadConfiguration({ ...surroundings, file: config }), surroundings, use);
}

function receiverOption(): Option {
  return new Option('-r, --receiver <id>', 'those to this receiver alone');
}

function idArgument(): Argument {
  return new Argument('<id>', 'as "notifications list" shows it').argParser(wholeNumber);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number from 1 on is expected.');
}
