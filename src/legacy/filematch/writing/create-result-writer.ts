import type { Layout } from '../layout/layout.js';
import type { Charset } from '../record.js';
import { CsvResultWriter } from './csv-result-writer.js';
import type { FilematchTexts } from './filematch-texts.js';
import { FixedResultWriter } from './fixed-result-writer.js';
import type { ResultFacts, ResultWriter } from './result-writer.js';

/** Writes a result in the layout and charset of its input. */
export function createResultWriter(
  layout: Layout,
  charset: Charset,
  facts: ResultFacts,
  texts: FilematchTexts,
): ResultWriter {
  return layout.encoding === 'fixed'
    ? new FixedResultWriter(layout, charset, facts, texts)
    : new CsvResultWriter(layout, charset, texts);
}
