import { markup, type Markup } from '../markup.js';
import { agoCell, nothing, section, table, type Cell } from '../tables.js';
import type { View } from '../view.js';
import { checkName, statusMark } from './status.js';

/** What was in trouble since the start, the last one first. */
export function troublesSection(view: View): Markup {
  const { troubles: texts, status } = view.texts;
  const troubles = view.recorder.troubles.all();
  if (troubles.length === 0) return section('troubles', texts.heading, nothing(texts.empty));
  return section(
    'troubles',
    texts.heading,
    table(
      [
        { title: texts.what },
        { title: texts.reason, kind: 'long' },
        { title: texts.began, kind: 'number' },
        { title: texts.lasted, kind: 'number' },
      ],
      troubles.map(({ check, cause, status: how, reason, beganAt, endedAt }): readonly Cell[] => [
        { content: markup`${statusMark(how)}${checkName(view, check)} <small>${status.of[how]}</small>` },
        { content: markup`<span lang="en">${cause === undefined ? '' : `${cause}: `}${reason}</span>` },
        agoCell(view, beganAt),
        endedAt === undefined
          ? { content: texts.lasts, tone: how === 'failed' ? 'bad' : 'doubtful' }
          : { content: view.formats.span(endedAt.getTime() - beganAt.getTime()) },
      ]),
    ),
  );
}
