import type { Charset, FilematchErrorCode } from '../record.js';
import { charsetText } from '../../../charset/charset-text.js';
import { csvLine } from './csv-line.js';
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
  const carrier = charsetText(charset, texts, true);
  const line = (fields: readonly string[]): Uint8Array =>
    carrier.octets(
      `${csvLine(
        fields.map((field) => carrier.carry(field).text),
        ';',
      )}\r\n`,
    );
  return {
    opening: () => line(['lineNumber', 'ownRef', 'errorCode', 'errorText']),
    row: (reject) =>
      line([String(reject.line), reject.ownRef, reject.errorCode, texts.errorText(reject.errorCode)]),
  };
}
