import type { CsvLayout } from '../layout/layout.js';
import type { Charset, InputField, InputRow } from '../record.js';
import { splitFields } from './csv-fields.js';
import { decodeRecord } from './decode.js';
import type { FileRecord } from './records.js';
import { rowOf, type RowProblem } from './row-builder.js';

/**
 * Reads the rows of a CSV file.
 * @param fields in the order of the file's columns
 */
export function csvRowReader(
  layout: CsvLayout,
  fields: readonly InputField[],
  charset: Charset,
): (record: FileRecord, number: number) => InputRow {
  const { delimiter } = layout;
  const columns = new Map(fields.map((field, index) => [field, index]));
  const permitted = delimiter === '\t' ? /\t|\r?\n/g : /\r?\n/g;
  return (record, number) => {
    const { text, fits } = decodeRecord(record.octets, charset, permitted);
    const split = splitFields(text, delimiter);
    // The reference can be told even where a later field is damaged.
    const values = typeof split === 'string' ? text.split(delimiter) : split;
    const isWhole = typeof split !== 'string' && split.length === fields.length;
    const problem = problemOf(record, fits, isWhole);
    return rowOf(record, number, (field) => values[columns.get(field) ?? -1] ?? '', problem, layout.dates);
  };
}

function problemOf({ damaged }: FileRecord, fits: boolean, isWhole: boolean): RowProblem | null {
  if (damaged) return 'E006';
  if (!fits) return 'E007';
  return isWhole ? null : 'E006';
}
