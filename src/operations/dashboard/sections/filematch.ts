import { markup, type Markup } from '../markup.js';
import { shareBar } from '../plots.js';
import type { JobStanding } from '../standing.js';
import { agoCell, nothing, section, table, type Cell } from '../tables.js';
import type { View } from '../view.js';

/** What a job waits for that somebody has to see to. */
const troubles: ReadonlySet<string> = new Set(['register', 'disk', 'folder', 'client']);

/** Filematch jobs: what is at work, with how far it is, and what ended lately. Undefined where nobody speaks Filematch. */
export function filematchSection(view: View): Markup | undefined {
  const { filematch: texts } = view.texts;
  const jobs = view.standing.filematch();
  if (jobs === undefined) return undefined;
  if (jobs.length === 0) return section('filematch', texts.heading, nothing(texts.empty));
  return section(
    'filematch',
    texts.heading,
    table(
      [
        { title: texts.job },
        { title: texts.client },
        { title: texts.state },
        { title: texts.progress, kind: 'plot' },
        { title: texts.left, kind: 'number' },
        { title: texts.received, kind: 'number' },
      ],
      jobs.map((job) => rowOf(view, job)),
    ),
  );
}

function rowOf(view: View, job: JobStanding): readonly Cell[] {
  return [
    { content: markup`<code>${job.id}</code>` },
    { content: job.client },
    stateCell(view, job),
    { content: progress(view, job) },
    { content: timeOf(view, job) ?? '–' },
    agoCell(view, job.receivedAt),
  ];
}

function stateCell({ texts: { filematch: texts } }: View, { state, hold, waitingFor }: JobStanding): Cell {
  if (hold !== null) return { content: texts.holds[hold], tone: 'doubtful' };
  if (waitingFor !== null) {
    const content = texts.waiting[waitingFor] ?? waitingFor;
    return troubles.has(waitingFor) ? { content, tone: 'doubtful' } : { content };
  }
  const content = texts.states[state] ?? state;
  return state === 'FAILED' || state === 'REJECTED' ? { content, tone: 'bad' } : { content };
}

function progress(view: View, { rows, rowsDone, rowsMatched, state }: JobStanding): Markup {
  const {
    texts: { filematch: texts },
    formats,
  } = view;
  if (rows === undefined) return markup`–`;
  const share = rows === 0 ? 1 : rowsDone / rows;
  const told = texts.rows(formats.number(rowsDone), formats.number(rows));
  const matched = state === 'COMPLETED' ? `, ${texts.matched(formats.number(rowsMatched))}` : '';
  return markup`${shareBar([{ kind: 'done', percent: Math.min(100, share * 100) }], told)} <span>${told}${matched}</span>`;
}

/** How long it took; or how long it will, if it goes on as it has gone so far. */
function timeOf({ texts: { filematch: texts }, formats, now }: View, job: JobStanding): string | undefined {
  const { startedAt, finishedAt, waitingFor, hold, rows, rowsDone } = job;
  if (startedAt === null) return undefined;
  if (finishedAt !== null) return texts.took(formats.span(finishedAt.getTime() - startedAt.getTime()));
  if (waitingFor !== null || hold !== null || rows === undefined || rowsDone === 0) return undefined;
  const elapsed = now.getTime() - startedAt.getTime();
  return texts.aboutLeft(formats.span((elapsed / rowsDone) * Math.max(0, rows - rowsDone)));
}
