import { kindOf } from './fields.js';
import type { Column, CsvLayout, FixedLayout, FixedRecords, Layout, Place } from './layout.js';

/** What is wrong with a layout, and where in its file. */
export interface LayoutProblem {
  readonly path: readonly PropertyKey[];
  /** Half a sentence in English: what is wrong there. */
  readonly problem: string;
}

/** What the parts of a layout demand of one another. */
export function layoutProblems(layout: Layout): readonly LayoutProblem[] {
  return layout.encoding === 'fixed' ? fixedProblems(layout) : csvProblems(layout);
}

function csvProblems({ input, output, delimiter }: CsvLayout): readonly LayoutProblem[] {
  return [
    ...columnProblems(['input'], input, delimiter),
    ...columnProblems(['output'], output, delimiter),
    ...missing(['output'], output, TELLING),
  ];
}

function columnProblems(
  path: readonly PropertyKey[],
  columns: readonly Column<string>[],
  delimiter: string,
): readonly LayoutProblem[] {
  const problems = [...twice(path, columns), ...missing(path, columns, ['ownRef'])];
  const names = columns.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    const at = [...path, index, 'name'];
    if (name.trim() !== name || name === '') problems.push({ path: at, problem: 'has blanks around it' });
    else if (name.includes(delimiter) || /["\r\n]/.test(name))
      problems.push({ path: at, problem: 'holds a delimiter, a quote or a line break' });
    if (names.indexOf(name) < index) problems.push({ path: at, problem: `${name} is there twice` });
  }
  return problems;
}

type AnyRecords = FixedRecords<string, string, string>;

function fixedProblems(layout: FixedLayout): readonly LayoutProblem[] {
  const { header, detail, trailer } = layout.recordTypes;
  const problems: LayoutProblem[] = [];
  if (new Set([header, detail, trailer].map((mark) => mark.length)).size > 1)
    problems.push({ path: ['recordTypes'], problem: 'are not of one length' });
  if (new Set([header, detail, trailer]).size < 3)
    problems.push({ path: ['recordTypes'], problem: 'are not three different ones' });
  for (const direction of ['input', 'output'] as const)
    problems.push(...recordsProblems(layout, direction, layout[direction]));
  problems.push(...missing(['output', 'detail'], layout.output.detail, TELLING));
  const read = widthOf(layout.input.detail, 'ownRef');
  const written = widthOf(layout.output.detail, 'ownRef');
  if (read !== undefined && written !== undefined && written < read) {
    problems.push({
      path: ['output', 'detail', layout.output.detail.findIndex(({ field }) => field === 'ownRef')],
      problem: `ownRef is narrower (${written}) than where it is read (${read}), so it cannot be echoed`,
    });
  }
  return problems;
}

function recordsProblems(
  layout: FixedLayout,
  direction: 'input' | 'output',
  records: AnyRecords,
): readonly LayoutProblem[] {
  const problems: LayoutProblem[] = [];
  const marked = records.header !== null || records.trailer !== null;
  for (const kind of ['header', 'detail', 'trailer'] as const) {
    const places = records[kind];
    if (places === null) continue;
    const path = [direction, kind];
    problems.push(
      ...placeProblems(path, places, records.length),
      ...twice(path, places),
      ...missing(path, places, required[kind]),
      ...narrow(path, places, layout),
      ...markProblems(path, places, marked, layout.recordTypes[kind]),
    );
  }
  return problems;
}

/** Without it nobody can tell who is unknown from who was not asked for (Safety S5, S11). */
const TELLING = ['matchStatus'] as const;

const required = { header: [], detail: ['ownRef'], trailer: ['recordCount'] } as const;

/** Every position must belong to exactly one field, so that a slip of the pen is found. */
function placeProblems(
  path: readonly PropertyKey[],
  places: readonly Place<string>[],
  length: number,
): readonly LayoutProblem[] {
  const problems: LayoutProblem[] = [];
  const sorted = [...places.entries()].sort(([, a], [, b]) => a.from - b.from);
  let next = 1;
  let before = '';
  for (const [index, { field, from, to }] of sorted) {
    if (to < from) problems.push({ path: [...path, index, 'to'], problem: `${field} ends before it begins` });
    if (to > length) {
      problems.push({
        path: [...path, index, 'to'],
        problem: `${field} ends at ${to}, beyond the record’s length of ${length}`,
      });
    }
    if (from < next) {
      problems.push({ path: [...path, index, 'from'], problem: `${field} overlaps ${before}` });
    } else if (from > next) {
      problems.push({ path: [...path, index, 'from'], problem: gap(next, from - 1) });
    }
    if (to >= next) {
      next = to + 1;
      before = field;
    }
  }
  if (next <= length) problems.push({ path, problem: gap(next, length) });
  return problems;
}

function gap(from: number, to: number): string {
  return `positions ${from} to ${to} belong to no field; what holds nothing is called filler`;
}

function markProblems(
  path: readonly PropertyKey[],
  places: readonly Place<string>[],
  marked: boolean,
  mark: string,
): readonly LayoutProblem[] {
  const index = places.findIndex(({ field }) => field === 'recordType');
  const place = places[index];
  if (place === undefined)
    return marked ? [{ path, problem: 'has no recordType, which tells header, rows and trailer apart' }] : [];
  if (place.from !== 1) return [{ path: [...path, index, 'from'], problem: 'recordType must stand first' }];
  return widthOf(places, 'recordType') === mark.length
    ? []
    : [{ path: [...path, index, 'to'], problem: `recordType is not as wide as ${JSON.stringify(mark)}` }];
}

/** What fields need that are not text: half a number is another number. */
const widths: ReadonlyMap<string, number> = new Map([
  ['orgNumber', 9],
  ['createdAt', 14],
  ['charset', 2],
  ['direction', 1],
  ['mode', 1],
  ['jobId', 26],
  ['registerTimestamp', 14],
  ['nin', 11],
  ['ninIn', 11],
  ['newNin', 11],
  ['oldNin', 11],
  ['spouseNin', 11],
  ['mothersNin', 11],
  ['fathersNin', 11],
  ['matchStatus', 2],
  ['candidates', 3],
  ['changeMask', 12],
  ['idType', 3],
  ['statusCountry', 3],
  ['citizenship', 3],
  ['postalCountry', 3],
  ['apartmentNumber', 5],
  ['postalCode', 4],
  ['municipality', 4],
  ['errorCode', 4],
]);

function narrow(
  path: readonly PropertyKey[],
  places: readonly Place<string>[],
  { dates, format }: FixedLayout,
): readonly LayoutProblem[] {
  const needed = (field: string): number => {
    if (kindOf(field) === 'day') return dates.length;
    if (field === 'formatName') return format.name.length;
    return field === 'formatVersion' ? format.version.length : (widths.get(field) ?? 1);
  };
  return places.flatMap(({ field, from, to }, index) =>
    to - from + 1 < needed(field) && to >= from
      ? [{ path: [...path, index], problem: `${field} needs ${needed(field)} positions` }]
      : [],
  );
}

function twice(
  path: readonly PropertyKey[],
  entries: readonly { readonly field: string }[],
): LayoutProblem[] {
  const fields = entries.map(({ field }) => field);
  return fields.flatMap((field, index) =>
    field !== 'filler' && fields.indexOf(field) < index
      ? [{ path: [...path, index, 'field'], problem: `${field} is there twice` }]
      : [],
  );
}

function missing(
  path: readonly PropertyKey[],
  entries: readonly { readonly field: string }[],
  needed: readonly string[],
): readonly LayoutProblem[] {
  return needed
    .filter((field) => !entries.some((entry) => entry.field === field))
    .map((field) => ({ path, problem: `has no ${field}` }));
}

function widthOf(places: readonly Place<string>[], field: string): number | undefined {
  const place = places.find((candidate) => candidate.field === field);
  return place === undefined ? undefined : place.to - place.from + 1;
}
