import type { Layout } from '../layout/layout.js';
import { FileRejected, type Charset, type InputRow } from '../record.js';
import { readCsvHead } from './csv-head.js';
import { csvRowReader } from './csv-rows.js';
import { fixedRowReader } from './fixed-rows.js';
import { LineSplitter } from './lines.js';
import { isRow, recordsOf, type FileRecord } from './records.js';

/**
 * The rows of a file that was surveyed, in order: as many as the survey counted. What is wrong with the form of a row is told
 * in the row.
 * @throws FileRejected for a CSV file whose head the survey would not have let pass; what the source throws
 */
export async function* readRows(
  source: AsyncIterable<Uint8Array>,
  layout: Layout,
  charset: Charset,
): AsyncGenerator<InputRow, void> {
  const splitter = new LineSplitter();
  const records = recordsOf(layout);
  let read: RowReader | null = null;
  let number = 0;
  const rowsOf = (found: readonly FileRecord[]): readonly InputRow[] => {
    const rows: InputRow[] = [];
    for (const record of found) {
      if (record.kind === 'head') read = rowReader(layout, charset, record);
      if (!isRow(record)) continue;
      number += 1;
      read ??= rowReader(layout, charset, null);
      rows.push(read(record, number));
    }
    return rows;
  };
  for await (const piece of source)
    for (const line of splitter.push(piece)) for (const row of rowsOf(records.take(line))) yield row;
  for (const line of splitter.end()) for (const row of rowsOf(records.take(line))) yield row;
  for (const row of rowsOf(records.end())) yield row;
}

type RowReader = (record: FileRecord, number: number) => InputRow;

function rowReader(layout: Layout, charset: Charset, head: FileRecord | null): RowReader {
  if (layout.encoding === 'fixed') return fixedRowReader(layout, charset);
  if (head === null)
    return csvRowReader(
      layout,
      layout.input.map(({ field }) => field),
      charset,
    );
  const found = readCsvHead(head.octets, layout);
  if ('reason' in found) throw new FileRejected('E011', found.reason);
  return csvRowReader(layout, found.fields, charset);
}
