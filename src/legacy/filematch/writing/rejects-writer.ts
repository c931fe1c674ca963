import type { Charset, FilematchErrorCode } from '../record.js';
import type { FilematchTexts } from './filematch-texts.js';

/** A row that was rejected, by its place in the file. */
export interface Reject {
  readonly line: number;
  readonly ownRef: string;
  readonly errorCode: FilematchErrorCode;
}

/** Writes the list of rows that were rejected (preg-xml-filematch-hl7v2 2.8, sample 34). */
export interface RejectsWriter {
  /** The header line. */
  opening(): Uint8Array;
  row(reject: Reject): Uint8Array;
}

/** Writes in the charset of the input: CSV, whatever the layout is. */
export function createRejectsWriter(charset: Charset, texts: FilematchTexts): RejectsWriter {
  throw new Error(`not yet ${charset} ${texts.errorText('E001')}`);
}
