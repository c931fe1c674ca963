import type { Layout } from '../layout/layout.js';
import type { Charset, InputRow } from '../record.js';

/**
 * The rows of a file that was surveyed, in order: as many as the survey counted. What is wrong with the form of a row is told
 * in the row.
 * @throws FileRejected for a file that the survey would not have let pass; what the source throws
 */
export function readRows(
  source: AsyncIterable<Uint8Array>,
  layout: Layout,
  charset: Charset,
): AsyncIterable<InputRow> {
  throw new Error(`not yet ${layout.name} ${charset} ${String(source)}`);
}
