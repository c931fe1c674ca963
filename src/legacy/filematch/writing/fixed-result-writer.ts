import { charsetCodes } from '../layout/charset-codes.js';
import type { OutputHeaderField, OutputTrailerField } from '../layout/fields.js';
import type { FixedLayout } from '../layout/layout.js';
import type { Charset, OutputField, OutputRow, Totals } from '../record.js';
import { norwegianTime } from '../../../person/norwegian-time.js';
import { charsetText, type CharsetText } from '../../../charset/charset-text.js';
import type { FilematchTexts } from './filematch-texts.js';
import { FixedRecordForm } from './fixed-record.js';
import type { ResultFacts, ResultWriter, WrittenRow } from './result-writer.js';
import { flagOf } from './row-flags.js';

/** Writes records of fixed length (preg-xml-filematch-hl7v2 2.4). */
export class FixedResultWriter implements ResultWriter {
  private readonly charsetText: CharsetText;
  private readonly form: FixedRecordForm<OutputField>;
  /** Where a row says what is wrong with it. */
  private readonly flagAt: number;
  private readonly lineEnding: string;

  constructor(
    private readonly layout: FixedLayout,
    private readonly charset: Charset,
    private readonly facts: ResultFacts,
    texts: FilematchTexts,
  ) {
    this.charsetText = charsetText(charset, texts, false);
    this.form = new FixedRecordForm(layout.output.detail, this.charsetText, layout.dates);
    this.flagAt = this.form.indexOf('errorCode');
    this.lineEnding = layout.lineEnding === 'crlf' ? '\r\n' : '\n';
  }

  opening(): Uint8Array {
    const { header } = this.layout.output;
    if (header === null) return new Uint8Array();
    const form = new FixedRecordForm<OutputHeaderField>(header, this.charsetText, this.layout.dates);
    const facts = this.headerFacts();
    const { parts } = form.lay((field) =>
      field === 'recordType' ? this.layout.recordTypes.header : facts[field],
    );
    return this.octets(parts);
  }

  row(row: OutputRow): WrittenRow {
    const { detail } = this.layout.recordTypes;
    const { parts, cut, replaced } = this.form.lay((field) => (field === 'recordType' ? detail : row[field]));
    const flag = flagOf({ cut, replaced });
    if (flag !== '' && this.flagAt !== -1 && (row.errorCode ?? '') === '')
      parts[this.flagAt] = flag.padEnd(this.form.widthAt(this.flagAt));
    return { octets: this.octets(parts), cut, replaced };
  }

  closing(totals: Totals): Uint8Array {
    const { trailer } = this.layout.output;
    if (trailer === null) return new Uint8Array();
    const form = new FixedRecordForm<OutputTrailerField>(trailer, this.charsetText, this.layout.dates);
    const { parts } = form.lay((field) =>
      field === 'recordType' ? this.layout.recordTypes.trailer : String(totals[field]),
    );
    return this.octets(parts);
  }

  private headerFacts(): Readonly<Record<OutputHeaderField, string>> {
    const { header, jobId, registerTimestamp } = this.facts;
    return {
      formatName: this.layout.format.name,
      formatVersion: this.layout.format.version,
      orgNumber: header.orgNumber,
      customerRef: header.customerRef,
      createdAt: header.createdAt,
      charset: charsetCodes[this.charset],
      direction: 'U',
      mode: header.mode,
      jobId,
      registerTimestamp: norwegianTime(registerTimestamp).replaceAll(/[^0-9]/g, ''),
    };
  }

  private octets(parts: readonly string[]): Uint8Array {
    return this.charsetText.octets(parts.join('') + this.lineEnding);
  }
}
