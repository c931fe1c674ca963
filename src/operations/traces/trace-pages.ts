import { escapeAttribute, escapeText } from '../../xml/escape.js';
import type { OperationsPage, PageAnswer } from '../operations-page.js';
import { traceText, writtenTrace } from './trace-text.js';
import type { Trace, Traces } from './traces.js';

/** What the audit trail has of a request, in what is not sealed. */
export interface TracedEntry {
  readonly seq: number;
  readonly at: Date;
  readonly operation: string | null;
  readonly outcome: string;
  readonly purpose: string | null;
  readonly keptSource: string | null;
}

/** What traces are shown with. */
export interface TracePagesParts {
  readonly traces: Pick<Traces, 'of' | 'latest'>;
  /** The entries of a request that was answered at about that time. May throw. */
  readonly entriesOf: (trace: Trace) => readonly TracedEntry[];
}

/** How many requests the list shows. */
const LISTED = 100;

/** `/traces`, the last requests, and `/traces/ID`, why one was answered as it was; each as JSON with `?as=json`. */
export function tracePages({ traces, entriesOf }: TracePagesParts): readonly OperationsPage[] {
  return [
    {
      path: '/traces',
      answer: ({ query }) => {
        const latest = traces.latest(LISTED);
        return query.get('as') === 'json' ? json(latest) : html('Traces', listHtml(latest));
      },
    },
    {
      path: '/traces/:id',
      answer: ({ parameters, query }) => {
        const asJson = query.get('as') === 'json';
        const { id = '' } = parameters;
        const trace = traces.of(String(id));
        if (trace === undefined) {
          return asJson ? json({ status: 404, title: 'Not found' }, 404) : html('Trace', UNKNOWN, 404);
        }
        const entries = entriesIn(entriesOf, trace);
        const written = writtenTrace(trace);
        if (asJson) return json({ ...written, entries });
        return html('Trace', `<pre>${escapeText(traceText(written) + entriesText(entries))}</pre>`);
      },
    },
  ];
}

const UNKNOWN =
  '<p>Nothing is remembered of this request: it is too old, or was answered by another adapter, or before the last start. The audit trail has its entry.</p>';

/** The entries as people read them. */
export function entriesText(entries: readonly TracedEntry[] | null): string {
  if (entries === null) return '\nThe audit trail could not be read.\n';
  if (entries.length === 0) return '\nThe audit trail has no entry of it yet.\n';
  const lines = entries.map(
    ({ seq, operation, outcome, purpose, keptSource }) =>
      `  ${seq}: ${operation ?? 'no operation'}, ${outcome}` +
      `${purpose === null ? '' : `, for ${purpose}`}${keptSource === null ? '' : `, from ${keptSource}`}`,
  );
  return `\nIn the audit trail:\n${lines.join('\n')}\n`;
}

function entriesIn(entriesOf: TracePagesParts['entriesOf'], trace: Trace): readonly TracedEntry[] | null {
  try {
    return entriesOf(trace);
  } catch {
    // The store has a check of its own; the steps are worth showing all the same.
    return null;
  }
}

function listHtml(latest: ReturnType<Traces['latest']>): string {
  if (latest.length === 0) return '<p>No request has been answered yet.</p>';
  const rows = latest.map(({ correlationId, request }) => {
    const cells = [
      request.answeredAt.toISOString().slice(0, 19).replace('T', ' '),
      request.clientId ?? '–',
      request.protocol,
      request.operation ?? '–',
      request.outcome,
      `${Math.round(request.milliseconds)} ms`,
    ];
    const link = `<a href="/traces/${escapeAttribute(correlationId)}">${escapeText(correlationId)}</a>`;
    return `<tr>${cells.map((cell) => `<td>${escapeText(cell)}</td>`).join('')}<td>${link}</td></tr>`;
  });
  const head = ['When (UTC)', 'Client', 'Protocol', 'Operation', 'Outcome', 'Time', 'Request'];
  return `<table><thead><tr>${head.map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function html(title: string, body: string, status = 200): PageAnswer {
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    body:
      `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${title}</title></head><body><p><a href="/traces">The last requests</a></p>${body}</body></html>`,
  };
}

function json(content: unknown, status = 200): PageAnswer {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(content) };
}
