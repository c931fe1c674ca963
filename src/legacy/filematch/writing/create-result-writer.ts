import type { Layout } from '../layout/layout.js';
import type { Charset } from '../record.js';
import type { FilematchTexts } from './filematch-texts.js';
import type { ResultFacts, ResultWriter } from './result-writer.js';

/** Writes a result in the layout and charset of its input. */
export function createResultWriter(
  layout: Layout,
  charset: Charset,
  facts: ResultFacts,
  texts: FilematchTexts,
): ResultWriter {
  throw new Error(`not yet ${layout.name} ${charset} ${facts.jobId} ${texts.errorText('E001')}`);
}
