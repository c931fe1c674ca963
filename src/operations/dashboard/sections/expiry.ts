import type { Markup } from '../markup.js';
import { nothing, section, table, type Cell } from '../tables.js';
import type { View } from '../view.js';

const DAY = 24 * 60 * 60_000;

/** So many days before its end something is worth a look, and hurries. */
const WARNING_DAYS = 30;
const URGENT_DAYS = 7;

/** When certificates and keys end, the first one first. */
export function expirySection(view: View): Markup {
  const {
    texts: { expiry: texts },
    standing,
  } = view;
  const key = standing.keyExpiresAt();
  const ends = [
    ...[...standing.certificates()].map(([name, at]) => ({ what: texts.certificate(name), at })),
    ...(key === undefined ? [] : [{ what: texts.key, at: key }]),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
  if (ends.length === 0) return section('expiry', texts.heading, nothing(texts.empty));
  return section(
    'expiry',
    texts.heading,
    table(
      [{ title: texts.what }, { title: texts.ends, kind: 'number' }, { title: texts.left, kind: 'number' }],
      ends.map(({ what, at }): readonly Cell[] => [
        { content: what },
        { content: view.formats.day(at) },
        leftCell(view, at),
      ]),
    ),
  );
}

function leftCell({ texts: { expiry: texts }, formats, now }: View, at: Date): Cell {
  const left = at.getTime() - now.getTime();
  if (left <= 0) return { content: texts.over, tone: 'bad' };
  const tone = left < URGENT_DAYS * DAY ? 'bad' : left < WARNING_DAYS * DAY ? 'doubtful' : undefined;
  return { content: formats.span(left), tone };
}
