import type { FixedLayout } from '../layout/layout.js';
import type { Charset, InputField, InputRow } from '../record.js';
import { decodeRecord } from './decode.js';
import type { FileRecord } from './records.js';
import { rowOf, type RowProblem } from './row-builder.js';

/** Reads the rows of fixed length of a file. */
export function fixedRowReader(
  layout: FixedLayout,
  charset: Charset,
): (record: FileRecord, number: number) => InputRow {
  const { length, detail } = layout.input;
  const places = new Map(detail.map(({ field, from, to }) => [field, { start: from - 1, end: to }]));
  return (record, number) => {
    const { text, fits } = decodeRecord(record.octets, charset);
    const characters = charactersOf(text);
    const slice = (field: InputField): string => {
      const place = places.get(field);
      if (place === undefined) return '';
      const found = characters.slice(place.start, place.end);
      return typeof found === 'string' ? found : found.join('');
    };
    return rowOf(
      record,
      number,
      // The blanks behind a reference are the record's, those before it its own.
      (field) => (field === 'ownRef' ? slice(field).trimEnd() : slice(field)),
      problemOf(record, fits, characters.length === length),
      layout.dates,
    );
  };
}

/** The first that explains the others: octets in another charset change the length, and other records have other lengths. */
function problemOf({ kind, damaged }: FileRecord, fits: boolean, isWhole: boolean): RowProblem | null {
  if (damaged) return 'E006';
  if (!fits) return 'E007';
  if (kind === 'unknown') return 'E005';
  return isWhole ? null : 'E006';
}

/** The text as a list of characters; a text is one already where no character takes two of JavaScript's units. */
export function charactersOf(text: string): string | readonly string[] {
  return surrogates.test(text) ? Array.from(text) : text;
}

const surrogates = /[\ud800-\udfff]/;
