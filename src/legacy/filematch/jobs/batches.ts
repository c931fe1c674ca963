import type { Matcher, RowOutcome } from '../matching/matcher.js';
import type { InputRow } from '../record.js';

/** A row that was read, and its outcome where it is not looked up. */
export interface JudgedRow {
  readonly row: InputRow;
  readonly judged: RowOutcome | undefined;
}

/** How rows become batches. */
export interface BatchParts {
  readonly matcher: Pick<Matcher, 'judge'>;
  /** Whether no earlier row has the reference. */
  readonly isFirst: (ownRef: string, row: number) => boolean | Promise<boolean>;
  /** The most rows of the next batch that are looked up. */
  readonly size: () => number;
  /** So many rows were done before. */
  readonly done: number;
  /** Told of those among them that were looked up. */
  readonly onDone: (row: InputRow) => void;
}

/** A batch holds so many rows in all for each that it may look up, so that a file of rejects comes in parts, too. */
const ROWS_FOR_EACH = 10;

/** The rows that are not done yet, in their order and in parts. Rows that are done leave their references behind. */
export async function* inBatches(
  rows: AsyncIterable<InputRow>,
  { matcher, isFirst, size, done, onDone }: BatchParts,
): AsyncGenerator<readonly JudgedRow[]> {
  let batch: JudgedRow[] = [];
  let toLookUp = 0;
  let most = size();
  for await (const row of rows) {
    const answer = row.ownRef === '' || isFirst(row.ownRef, row.number);
    const first = typeof answer === 'boolean' ? answer : await answer;
    const judged = matcher.judge(row, first);
    if (row.number <= done) {
      if (judged === undefined) onDone(row);
      continue;
    }
    batch.push({ row, judged });
    if (judged === undefined) toLookUp += 1;
    if (toLookUp < most && batch.length < most * ROWS_FOR_EACH) continue;
    yield batch;
    batch = [];
    toLookUp = 0;
    most = size();
  }
  if (batch.length > 0) yield batch;
}
