import { markup, type Markup, type Part } from './markup.js';
import type { View } from './view.js';

/** From so much on, a part of all is worth a look; docs/examples/alerts.yaml has the same limit for requests that fail. */
const NOTABLE_SHARE = 0.05;

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers stand to the right, plots take what is left. */
  readonly kind?: 'text' | 'number' | 'plot' | 'long';
}

/** A cell with something to say about it beside what it shows. */
export interface Cell {
  readonly content: Part;
  readonly tone?: 'bad' | 'doubtful' | 'quiet' | undefined;
}

/** A table that a phone shows as one small card for each row, each value beside the title of its column. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): Markup {
  const heads = columns.map(
    ({ title, kind = 'text' }) => markup`<th scope="col" role="columnheader" class="${kind}">${title}</th>`,
  );
  const lines = rows.map(
    (cells) => markup`<tr role="row">${cells.map((cell, at) => cellOf(cell, at, columns))}</tr>
`,
  );
  return markup`<table role="table"><thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">
${lines}</tbody></table>
`;
}

function cellOf({ content, tone }: Cell, at: number, columns: readonly Column[]): Markup {
  const { title, kind = 'text' } = columns[at] ?? { title: '' };
  const classes = tone === undefined ? kind : `${kind} ${tone}`;
  return at === 0
    ? markup`<th scope="row" role="rowheader" class="${classes}">${content}</th>`
    : markup`<td role="cell" class="${classes}" data-title="${title}">${content}</td>`;
}

/** A count; none is quiet. */
export function countCell(view: View, count: number, tone?: Cell['tone']): Cell {
  return { content: view.formats.number(count), tone: count === 0 ? 'quiet' : tone };
}

/** A count that is loud only where it is a notable part of all. */
export function partCell(view: View, count: number, all: number, loud: Cell['tone']): Cell {
  const isNotable = count > NOTABLE_SHARE * all;
  return countCell(view, count, isNotable ? loud : undefined);
}

/** How long something took. */
export function durationCell(view: View, milliseconds: number | undefined): Cell {
  const content = view.formats.duration(milliseconds);
  return milliseconds === undefined ? { content, tone: 'quiet' } : { content };
}

/** How long ago something was; the instant itself where somebody points at it. */
export function agoCell(view: View, at: Date | undefined): Cell {
  return at === undefined ? { content: '–', tone: 'quiet' } : { content: ago(view, at) };
}

/** @see agoCell */
export function ago(view: View, at: Date): Markup {
  return markup`<time datetime="${at.toISOString()}" title="${view.formats.instant(at)}">${view.formats.ago(at)}</time>`;
}

/** A paragraph in place of a table without rows. */
export function nothing(text: string): Markup {
  return markup`<p class="nothing">${text}</p>
`;
}

/** A part of the page under its heading. */
export function section(id: string, heading: string, ...content: readonly Part[]): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${content}</section>
`;
}
