import { isDeepStrictEqual } from 'node:util';
import {
  Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { isGroup, valueAt } from './settings-tree.js';

/** What can be said of a new client in a file. */
export type ClientEntry = Readonly<Record<string, unknown>>;

/** The file has a form that nobody but its author can edit safely. `reason` is the end of a sentence, without its full stop. */
export class NotEditable extends Error {
  override readonly name = 'NotEditable';

  constructor(readonly reason: string) {
    super(reason);
  }
}

/**
 * The text of a configuration with one more client at the end of `clients`. Every other character stays what it was,
 * comments and order included.
 * @throws NotEditable
 */
export function withClientAdded(source: string, entry: ClientEntry): string {
  const yaml = yamlOf(entry);
  return edited(source, insertionOf(source, entry, yaml), (settings) => ({
    ...settings,
    clients: [...listOf(settings['clients']), settingsIn(yaml)],
  }));
}

/**
 * The same with a client switched on or off. @throws NotEditable, also where `clients` has nobody of that id in this file
 */
export function withClientSwitched(source: string, id: string, enabled: boolean): string {
  return edited(source, switchOf(source, id, enabled), (settings) => ({
    ...settings,
    clients: listOf(settings['clients']).map((client) =>
      isGroup(client) && client['id'] === id ? { ...client, enabled: String(enabled) } : client,
    ),
  }));
}

/** Whether the file itself has a client of that id. @throws NotEditable where it is no YAML */
export function hasClient(source: string, id: string): boolean {
  const clients = listOf(valueAt(settingsIn(source), ['clients']));
  return clients.some((client) => valueAt(client, ['id']) === id);
}

/** With lists of values in one line, as people write them. */
function yamlOf(entry: ClientEntry): string {
  const document = new Document(entry);
  visit(document, {
    Seq: (_, list) => {
      list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** What is put in place of what stands from one character to another. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

type Settings = Readonly<Record<string, unknown>>;

/** The places are found in the parsed document; what came of it is read again, and has to be what was meant and nothing else. */
function edited(source: string, { from, to, text }: Splice, meant: (settings: Settings) => Settings): string {
  const result = source.slice(0, from) + inEndingsOf(source, text) + source.slice(to);
  const before = settingsIn(source);
  if (!isDeepStrictEqual(settingsIn(result), meant(isGroup(before) ? before : {}))) throw unusual();
  return result;
}

function insertionOf(source: string, entry: ClientEntry, yaml: string): Splice {
  const root = rootOf(documentOf(source));
  const pair = root === undefined ? undefined : pairNamed(root, 'clients');
  if (pair === undefined) {
    if (root?.flow === true) throw unusual();
    return insertion(source, source.length, `\nclients:\n${itemOf(yaml, 2)}`);
  }
  const { value: clients } = pair;
  if (isSeq(clients)) {
    const last = clients.items.at(-1);
    if (clients.flow === true) {
      const item = JSON.stringify(entry);
      const [start, end] = rangeOf(last ?? clients);
      return last === undefined ? plain(start + 1, item) : plain(end, `, ${item}`);
    }
    const [start] = rangeOf(clients);
    const column = start - startOfLine(source, start);
    return insertion(source, endOfItem(source, rangeOf(last)[1], column), itemOf(yaml, column));
  }
  if (isScalar(clients) && clients.source === '' && clients.tag === undefined) {
    return insertion(source, afterLine(source, rangeOf(pair.key)[1]), itemOf(yaml, 2));
  }
  throw unusual();
}

function switchOf(source: string, id: string, enabled: boolean): Splice {
  const root = rootOf(documentOf(source));
  const clients = root === undefined ? undefined : pairNamed(root, 'clients')?.value;
  const items: readonly unknown[] = isSeq(clients) ? clients.items : [];
  const client = items.find((item) => isMap(item) && item.get('id') === id);
  if (!isMap(client)) throw new NotEditable(`the file has no client ${id} of its own in clients`);
  const present = pairNamed(client, 'enabled');
  if (present !== undefined) {
    if (!isScalar(present.value) || present.value.source === '') throw unusual();
    const [from, to] = rangeOf(present.value);
    return { from, to, text: String(enabled) };
  }
  const name = pairNamed(client, 'id');
  const end = rangeOf(name?.value)[1];
  if (client.flow === true) return plain(end, `, "enabled": ${enabled}`);
  const start = rangeOf(name?.key)[0];
  const column = start - startOfLine(source, start);
  return insertion(source, afterLine(source, end), `${' '.repeat(column)}enabled: ${enabled}\n`);
}

function plain(at: number, text: string): Splice {
  return { from: at, to: at, text };
}

/** Whole lines at the beginning of one, or behind a last line that has no end. */
function insertion(source: string, at: number, lines: string): Splice {
  const isWithin = at > 0 && source.charAt(at - 1) !== '\n';
  return plain(at, isWithin ? `\n${lines}` : lines);
}

/** Lines of a list's item, which begins at that column. */
function itemOf(yaml: string, column: number): string {
  const lines = yaml.trimEnd().split('\n');
  const margin = ' '.repeat(column);
  return lines.map((line, index) => `${margin}${index === 0 ? '- ' : '  '}${line}\n`).join('');
}

/** Behind the item and the comments that are indented as its own. */
function endOfItem(source: string, end: number, column: number): number {
  let at = source.charAt(end - 1) === '\n' ? end : afterLine(source, end);
  const own = new RegExp(`(?:[ \\t]*\\r?\\n)*[ ]{${column + 1},}#[^\\n]*(?:\\n|$)`, 'y');
  for (;;) {
    own.lastIndex = at;
    const match = own.exec(source);
    if (match === null) return at;
    at += match[0].length;
  }
}

function startOfLine(source: string, at: number): number {
  return source.lastIndexOf('\n', at - 1) + 1;
}

function afterLine(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end + 1;
}

function inEndingsOf(source: string, text: string): string {
  return source.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
}

function documentOf(source: string): Document.Parsed {
  const document = parseDocument(source, { schema: 'failsafe', prettyErrors: false });
  if (document.errors.length > 0) throw new NotEditable('it is no valid YAML');
  return document;
}

/** Scalars as text, as loading reads them. */
function settingsIn(source: string): unknown {
  const document = documentOf(source);
  try {
    return document.toJS() ?? {};
  } catch {
    throw unusual();
  }
}

function rootOf({ contents }: Document.Parsed): YAMLMap | undefined {
  if (contents === null) return undefined;
  if (isMap(contents)) return contents;
  throw unusual();
}

function pairNamed(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name);
}

function rangeOf(node: unknown): readonly [start: number, end: number] {
  if (!isNode(node) || node.range === undefined || node.range === null) throw unusual();
  return [node.range[0], node.range[1]];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function unusual(): NotEditable {
  return new NotEditable('clients is written in it in a way that cannot be edited without touching more');
}
