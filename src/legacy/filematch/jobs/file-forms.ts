import type { Charset, InputRow, Mode } from '../record.js';
import type { RejectsWriter } from '../writing/rejects-writer.js';
import type { ResultFacts, ResultWriter } from '../writing/result-writer.js';
import type { Survey } from './job.js';

/** The forms that files have, by the names of their layouts. */
export interface FileForms {
  /** What a file is, out of one reading of all of it. @throws FileRejected, what the source throws */
  survey(source: AsyncIterable<Uint8Array>, sender: Sender): Promise<Survey>;
  /** The rows of a file that was surveyed, in its order. @throws what the source throws */
  rows(source: AsyncIterable<Uint8Array>, survey: Survey): AsyncIterable<InputRow>;
  /** Writes the result of such a file. */
  result(survey: Survey, facts: ResultFacts): ResultWriter;
  /** Writes its rejects. */
  rejects(charset: Charset): RejectsWriter;
  /** What is said of a layout to others; undefined for one that is not configured any more. */
  describe(layout: string): FormDescription | undefined;
}

/** Who sends a file, and what holds where the file does not tell. */
export interface Sender {
  /** The names of the layouts that it may have, in the order in which they are tried. */
  readonly layouts: readonly string[];
  /** Of a file without a header. */
  readonly orgNumber: string;
  /** Whom a header may name. */
  readonly organisations: readonly string[];
  readonly mode: Mode;
  readonly customerRef: string;
}

/** A layout as receipts and the names of results tell of it. */
export interface FormDescription {
  readonly format: 'fixed' | 'csv';
  readonly formatVersion: string;
  /** Of the result, without its dot. */
  readonly extension: 'txt' | 'csv';
}
