import { errorCatalogue } from '../../../errors/catalogue.js';
import type { ErrorCause } from '../error-causes.js';
import { markup, type Markup } from '../markup.js';
import { agoCell, countCell, nothing, partCell, section, table, type Cell } from '../tables.js';
import type { View } from '../view.js';

/** What went wrong, by its cause, with what to do about it. */
export function errorsSection(view: View): Markup {
  const { errors: texts } = view.texts;
  const causes = view.recorder.causes.recent(view.now);
  if (causes.length === 0) return section('errors', texts.heading, nothing(texts.empty));
  const { requests } = view.recorder.traffic.total(view.now);
  const columns = [
    { title: texts.cause, kind: 'long' },
    { title: texts.answers, kind: 'number' },
    { title: texts.elsewhere, kind: 'number' },
    { title: texts.sinceStart, kind: 'number' },
    { title: texts.last, kind: 'number' },
    { title: texts.clients },
    { title: texts.action, kind: 'long' },
  ] as const;
  return section(
    'errors',
    texts.heading,
    markup`<p class="note">${texts.note}</p>
`,
    table(
      columns,
      causes.map((cause) => rowOf(view, cause, requests)),
    ),
  );
}

function rowOf(
  view: View,
  { code, answers, elsewhere, sinceStart, lastAt, clients }: ErrorCause,
  requests: number,
): readonly Cell[] {
  const { traffic, errors } = view.texts;
  const own = errors.of[code];
  // In Norwegian, the catalogue's own words are a foreign language.
  const language = own === undefined ? 'en' : view.texts.language;
  const { cause, hint } = own ?? errorCatalogue[code];
  const tone = errorCatalogue[code].logLevel === 'error' ? 'bad' : 'doubtful';
  const names = clients.map((client) => (client === 'none' ? traffic.nobody : client));
  return [
    { content: markup`<code>${code}</code> <span lang="${language}">${cause}</span>` },
    partCell(view, answers, requests, tone),
    countCell(view, elsewhere),
    countCell(view, sinceStart),
    agoCell(view, lastAt),
    { content: names.length === 0 ? '–' : names.join(', ') },
    { content: markup`<span lang="${language}">${hint}</span>` },
  ];
}
