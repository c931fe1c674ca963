import { markup, type Markup } from '../markup.js';
import { sparkline, swatch } from '../plots.js';
import {
  agoCell,
  countCell,
  durationCell,
  nothing,
  partCell,
  section,
  table,
  type Cell,
  type Column,
} from '../tables.js';
import type { TrafficRow } from '../traffic.js';
import { addressWith, type View } from '../view.js';
import { protocolKinds } from './plots.js';
import { windowText } from './tiles.js';

/** Rows that a table has at most, and clients that are named which were not heard. */
const ROWS = 60;
const SILENT_NAMED = 12;

/** Who asks what, how it ended and how long it took: by client, and by operation for all or for the client that was chosen. */
export function trafficSection(view: View): Markup {
  const { texts, recorder, now, client } = view;
  const clients = recorder.traffic.byClient(now);
  const chosen = client === undefined ? undefined : nameOf(view, client);
  const operations = recorder.traffic.byOperation(now, client);
  return markup`${section(
    'traffic',
    texts.traffic.heading,
    markup`<p class="note">${texts.traffic.note}</p>
`,
    clients.length === 0 ? nothing(texts.traffic.empty) : rowsOf(view, clients, 'client'),
    silent(view, clients),
  )}${
    operations.length === 0 && client === undefined
      ? undefined
      : section(
          'operations',
          chosen === undefined ? texts.traffic.operations : texts.traffic.operationsOf(chosen),
          markup`<p class="note">${windowText(view)}${
            chosen === undefined
              ? undefined
              : markup` · <a href="${addressWith(view, { client: '' })}#operations">${texts.traffic.allClients}</a>`
          }</p>
`,
          operations.length === 0 ? nothing(texts.traffic.empty) : rowsOf(view, operations, 'operation'),
        )
  }`;
}

function rowsOf(view: View, rows: readonly TrafficRow[], by: 'client' | 'operation'): Markup {
  const { traffic: texts } = view.texts;
  const columns: readonly Column[] = [
    { title: by === 'client' ? texts.client : texts.operation },
    { title: texts.protocol },
    { title: texts.requests, kind: 'number' },
    { title: texts.failed, kind: 'number' },
    { title: texts.refused, kind: 'number' },
    { title: texts.median, kind: 'number' },
    { title: texts.p95, kind: 'number' },
    { title: texts.last, kind: 'number' },
    { title: texts.hour, kind: 'plot' },
  ];
  const shown = rows.slice(0, ROWS).map((row): readonly Cell[] => [
    { content: by === 'client' ? clientLink(view, row.client) : operationName(view, row.operation) },
    {
      content: markup`<span class="whole-word">${swatch(protocolKinds[row.protocol] ?? '')}${nameOf(view, row.protocol)}</span>`,
    },
    countCell(view, row.requests),
    partCell(view, row.failed, row.requests, 'bad'),
    partCell(view, row.refused, row.requests, 'doubtful'),
    durationCell(view, row.median),
    durationCell(view, row.p95),
    agoCell(view, row.lastAt),
    { content: sparkline(row.perMinute, view.formats.number(row.requests)) },
  ]);
  return markup`${table(columns, shown)}${
    rows.length > ROWS ? nothing(texts.more(rows.length - ROWS)) : undefined
  }`;
}

/** Who may ask and has not: a system that is silent is trouble that nobody reports. */
function silent({ texts, standing }: View, rows: readonly TrafficRow[]): Markup | undefined {
  const heard = new Set(rows.map(({ client }) => client));
  const names = standing.clients().flatMap(({ id }) => (heard.has(id) ? [] : [id]));
  if (names.length === 0) return undefined;
  const named = names.slice(0, SILENT_NAMED).join(', ');
  return nothing(texts.traffic.silent(named, Math.max(0, names.length - SILENT_NAMED)));
}

function clientLink(view: View, client: string): Markup {
  return markup`<a href="${addressWith(view, { client })}#operations">${nameOf(view, client)}</a>`;
}

/** Whoever is refused at the door has not been read. */
function operationName(view: View, operation = 'none'): string {
  return operation === 'none' ? '–' : nameOf(view, operation);
}

/** What stands for a name that is missing, or that nobody knows. */
function nameOf({ texts: { traffic } }: View, name: string): string {
  if (name === 'none') return traffic.nobody;
  return name === 'other' ? traffic.other : name;
}
