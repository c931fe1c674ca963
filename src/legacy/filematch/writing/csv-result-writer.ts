import { kindOf } from '../layout/fields.js';
import type { CsvLayout } from '../layout/layout.js';
import type { Charset, OutputField, OutputRow } from '../record.js';
import { charsetText, type CharsetText } from '../../../charset/charset-text.js';
import { csvLine } from './csv-line.js';
import { dayText } from './day-text.js';
import type { FilematchTexts } from './filematch-texts.js';
import type { ResultWriter, WrittenRow } from './result-writer.js';
import { flagOf } from './row-flags.js';

/** Writes CSV: nothing is ever cut, and there is no trailer (preg-xml-filematch-hl7v2 2.3). */
export class CsvResultWriter implements ResultWriter {
  private readonly charsetText: CharsetText;
  private readonly columns: readonly { readonly field: OutputField; readonly isDay: boolean }[];
  private readonly flagAt: number;
  private readonly lineEnding: string;

  constructor(
    private readonly layout: CsvLayout,
    charset: Charset,
    texts: FilematchTexts,
  ) {
    this.charsetText = charsetText(charset, texts, true);
    this.columns = layout.output.map(({ field }) => ({ field, isDay: kindOf(field) === 'day' }));
    this.flagAt = this.columns.findIndex(({ field }) => field === 'errorCode');
    this.lineEnding = layout.lineEnding === 'crlf' ? '\r\n' : '\n';
  }

  opening(): Uint8Array {
    if (!this.layout.headerLine) return new Uint8Array();
    return this.octets(this.layout.output.map(({ name }) => this.charsetText.carry(name).text));
  }

  row(row: OutputRow): WrittenRow {
    const fields: string[] = [];
    let replaced = false;
    for (const { field, isDay } of this.columns) {
      const given = row[field] ?? '';
      const carried = this.charsetText.carry(isDay ? dayText(given, this.layout.dates) : given);
      replaced ||= carried.replaced;
      fields.push(carried.text);
    }
    if (replaced && this.flagAt !== -1 && fields[this.flagAt] === '')
      fields[this.flagAt] = flagOf({ cut: false, replaced });
    return { octets: this.octets(fields), cut: false, replaced };
  }

  closing(): Uint8Array {
    return new Uint8Array();
  }

  private octets(fields: readonly string[]): Uint8Array {
    return this.charsetText.octets(csvLine(fields, this.layout.delimiter) + this.lineEnding);
  }
}
