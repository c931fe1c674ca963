import { markup, type Markup } from '../markup.js';
import { agoCell, countCell, nothing, section, table, type Cell } from '../tables.js';
import type { View } from '../view.js';

/** Rows that are shown at most. */
const ROWS = 30;

/** Values that could not be passed on as they are. */
export function valuesSection(view: View): Markup {
  const { values: texts } = view.texts;
  const values = view.recorder.values.all();
  if (values.length === 0) return section('values', texts.heading, nothing(texts.empty));
  const rows = values
    .slice(0, ROWS)
    .map(({ row, value, count, firstAt, lastAt }): readonly Cell[] => [
      { content: row === 'other' ? view.texts.traffic.other : row },
      value === undefined
        ? { content: texts.cut, tone: 'quiet' }
        : { content: markup`<code>${value}</code>` },
      countCell(view, count),
      agoCell(view, firstAt),
      agoCell(view, lastAt),
    ]);
  return section(
    'values',
    texts.heading,
    markup`<p class="note">${texts.note}</p>
`,
    table(
      [
        { title: texts.row },
        { title: texts.value },
        { title: texts.count, kind: 'number' },
        { title: texts.first, kind: 'number' },
        { title: texts.last, kind: 'number' },
      ],
      rows,
    ),
  );
}
