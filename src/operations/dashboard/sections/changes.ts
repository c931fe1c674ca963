import { markup, type Markup, type Part } from '../markup.js';
import { nothing, section } from '../tables.js';
import type { View } from '../view.js';

/** The log of changes and what receivers are told of it. Undefined where neither is. */
export function changesSection(view: View): Markup | undefined {
  const { texts, standing } = view;
  if (standing.feed === undefined && standing.notifications === undefined) return undefined;
  return section('changes', texts.changes.heading, feed(view), notifications(view));
}

function feed({ texts: { changes: texts }, formats, standing, now }: View): Markup | undefined {
  if (standing.feed === undefined) return undefined;
  const state = standing.feed();
  if (state === undefined) return nothing(texts.notReached);
  const { lagSeconds, eventsBehind, answersFrom } = state;
  const level =
    lagSeconds === undefined ? texts.never : formats.ago(new Date(now.getTime() - lagSeconds * 1_000));
  return facts([
    [texts.level, level],
    [texts.behind, formats.number(eventsBehind)],
    [texts.from, `${formats.day(answersFrom)} ${formats.minute(answersFrom)}`],
  ]);
}

function notifications({ texts: { changes: texts }, formats, standing }: View): Markup | undefined {
  if (standing.notifications === undefined) return undefined;
  const { waiting, failing, dead, unseen, oldestSeconds } = standing.notifications();
  const count = (value: number, tone: string): Part =>
    value === 0 ? '0' : markup`<b class="${tone}">${formats.number(value)}</b>`;
  return markup`<h3>${texts.notifications}</h3>
${facts([
  [texts.waiting, formats.number(waiting)],
  [texts.failing, count(failing, 'doubtful')],
  [texts.dead, formats.number(dead)],
  [texts.unseen, count(unseen, 'bad')],
  [texts.oldest, oldestSeconds === undefined ? '–' : formats.span(oldestSeconds * 1_000)],
])}`;
}

function facts(pairs: readonly (readonly [string, Part])[]): Markup {
  return markup`<dl class="facts">${pairs.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
`;
}
