import type { ClientSettings } from '../../config/schema.js';
import type { ReadAuditEntry } from '../../store/audit-rows.js';
import { printable } from '../filematch/job-report.js';
import {
  extractWords,
  type Deed,
  type Ending,
  type ExtractLanguage,
  type ExtractWords,
} from './extract-words.js';

/** What an extract is made for. */
export interface ExtractSubject {
  readonly clients: readonly Pick<ClientSettings, 'id' | 'name' | 'organisation'>[];
  readonly language: ExtractLanguage;
  readonly made: Date;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The entries about one person in words for that person. Times are those of Norway. */
export function extractText(
  entries: readonly ReadAuditEntry[],
  { clients, language, made, from, to }: ExtractSubject,
): string {
  const words = extractWords[language];
  const named = new Map(clients.map((client) => [client.id, client]));
  const limits = [
    ...(from === undefined ? [] : [`${words.from} ${dayIn(from)}.`]),
    ...(to === undefined ? [] : [`${words.to} ${dayIn(to)}.`]),
  ];
  const head = [words.title, `${words.made} ${timeIn(made)}.`, ...limits];
  const told = entries.map((entry) => entryText(entry, named, words));
  const tail = entries.length === 0 ? words.nobody : words.count(entries.length);
  return `${[head.join('\n'), ...told, tail].join('\n\n')}\n`;
}

function entryText(
  entry: ReadAuditEntry,
  clients: ReadonlyMap<string, ExtractSubject['clients'][number]>,
  words: ExtractWords,
): string {
  const rows = [
    [words.who, whoIn(entry, clients, words)],
    [words.what, `${words.deeds[deedOf(entry)]}. ${words.endings[endingOf(entry)]}`],
    [words.why, entry.purpose ?? words.notSaid],
  ] as const;
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const lines = rows.map(([name, text]) => `  ${`${name}:`.padEnd(width)}${printable(text)}`);
  return [timeIn(entry.at), ...lines].join('\n');
}

function whoIn(
  { clientId, detail }: ReadAuditEntry,
  clients: ReadonlyMap<string, ExtractSubject['clients'][number]>,
  words: ExtractWords,
): string {
  if (clientId === null) return words.unknownSystem;
  const client = clients.get(clientId);
  if (client === undefined) return clientId === 'command-line' ? words.operators : clientId;
  const { child, parent } = client.organisation;
  const system = `${client.name ?? client.id} (${words.organisation} ${child ?? parent})`;
  const requester = detail === 'sealed' ? undefined : detail.requester;
  return requester === undefined ? system : `${system}, ${personIn(requester, words)}`;
}

/** Numbers of Helsepersonellregisteret, HPR. */
const HPR = '2.16.578.1.12.4.1.4.4';

/** Who asked has a number that may be shown, or one that is no concern of others: a national identity number, or of whatever kind. */
function personIn(requester: string, words: ExtractWords): string {
  const [root, number = ''] = requester.split('^');
  return root === HPR && /^\d{1,9}$/.test(number) ? `${words.healthPersonnel} ${number}` : words.somebody;
}

const deedsByOperation: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ['FindCandidates', 'searched'],
  ['Search', 'searched'],
  ['QBP^Q22', 'asked'],
  ['QRY^A19', 'asked'],
  ['match', 'matched'],
  ['AddPerson', 'changed'],
  ['RevisePersonRecord', 'changed'],
  ['LinkPersonRecords', 'changed'],
  ['UnlinkPersonRecords', 'changed'],
  ['GetChanges', 'told'],
  ['GetIdentityChanges', 'told'],
  ['lookup', 'looked-up'],
  ['audit search', 'who-looked'],
  ['audit extract', 'who-looked'],
]);

function deedOf({ protocol, operation, detail }: ReadAuditEntry): Deed {
  // Messages about changes, and what is asked for their sake.
  if (protocol === 'hl7v2' && detail !== 'sealed' && detail.receiver !== undefined) return 'told';
  const deed = deedsByOperation.get(operation ?? '');
  return deed ?? (protocol === 'command-line' ? 'maintained' : 'looked-up');
}

const endings: ReadonlyMap<string, Ending> = new Map<string, Ending>([
  ['found', 'given'],
  ['not-found', 'nothing-found'],
  ['done', 'done'],
]);

function endingOf({ outcome }: ReadAuditEntry): Ending {
  return endings.get(outcome) ?? 'not-given';
}

function timeIn(at: Date): string {
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  return format(at, { timeZone: 'Europe/Oslo', ...time });
}

function dayIn(at: Date): string {
  return format(at, { timeZone: 'UTC' });
}

function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  const day = { day: '2-digit', month: '2-digit', year: 'numeric', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat('nb-NO', { ...day, ...options }).format(at).replace(',', '');
}
