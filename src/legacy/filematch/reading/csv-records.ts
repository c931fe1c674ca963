import type { CsvLayout } from '../layout/layout.js';
import { reachFromQuote, reachOf, splitFields, type Reach } from './csv-fields.js';
import { isBlank, longestLine, type Line } from './lines.js';
import type { FileRecord, Records } from './records.js';

/** A field in quotes may hold line breaks; one that goes on for longer than this is a quote that was forgotten. */
export const longestRecordInLines = 32;

/**
 * A record is a line, or several when a field in quotes goes over them. That is believed only where the quote closes soon and the
 * record then has as many fields as the head; otherwise the first line alone is damaged and the next one is looked at afresh.
 * So a quote that never closes costs one row.
 */
export class CsvRecords implements Records {
  private readonly delimiter: string;
  /** How many fields a record has; null before the head. */
  private width: number | null;
  /** Lines of a record whose quote is open, their octets and the fields that end in them. */
  private open: QuotedLine[] = [];
  private openLength = 0;
  private openFields = 0;

  constructor(layout: CsvLayout) {
    this.delimiter = layout.delimiter;
    this.width = layout.headerLine ? null : layout.input.length;
  }

  take(line: Line): readonly FileRecord[] {
    if (this.open.length === 0 && !line.octets.includes(quote)) {
      if (isBlank(line)) return [];
      return [this.record([line], line.tooLong)];
    }
    const records: FileRecord[] = [];
    this.add(new QuotedLine(line, this.delimiter), records);
    return records;
  }

  end(): readonly FileRecord[] {
    const records: FileRecord[] = [];
    while (this.open.length > 0) this.giveUp(records);
    return records;
  }

  private add(added: QuotedLine, records: FileRecord[]): void {
    const isAlone = this.open.length === 0;
    if (isAlone && added.isBlank) return;
    this.open.push(added);
    this.openLength += added.length;
    if (added.line.tooLong || this.openLength > longestLine + 2) {
      this.giveUp(records);
      return;
    }
    const { end, fields } = isAlone ? added.alone : added.withinQuotes;
    this.openFields += fields;
    if (end === 'open') {
      if (this.open.length >= longestRecordInLines || this.width === null) this.giveUp(records);
    } else if (end === 'broken' || (!isAlone && this.openFields !== this.width)) {
      this.giveUp(records);
    } else {
      records.push(this.record(linesOf(this.open), false));
      this.forget();
    }
  }

  /** The first line is a damaged record by itself; the others begin anew. */
  private giveUp(records: FileRecord[]): void {
    const [first, ...others] = this.open;
    this.forget();
    if (first === undefined) return;
    records.push(this.record([first.line], true));
    for (const line of others) this.add(line, records);
  }

  private forget(): void {
    this.open = [];
    this.openLength = 0;
    this.openFields = 0;
  }

  private record(lines: readonly Line[], damaged: boolean): FileRecord {
    const octets = join(lines);
    const isHead = this.width === null;
    if (isHead) {
      const fields = splitFields(octets.toString('latin1'), this.delimiter);
      this.width = typeof fields === 'string' ? 0 : fields.length;
    }
    return { kind: isHead ? 'head' : 'row', octets, line: lines[0]?.number ?? 0, damaged };
  }
}

/** A line that is looked at again and again, as part of one record after the other, but read only twice. */
class QuotedLine {
  readonly isBlank: boolean;
  /** With its ending. */
  readonly length: number;
  private asFirst: Reach | undefined;
  private asOther: Reach | undefined;

  constructor(
    readonly line: Line,
    private readonly delimiter: string,
  ) {
    this.isBlank = isBlank(line);
    this.length = line.octets.length + line.ending.length;
  }

  /** How far it goes as the first of a record. */
  get alone(): Reach {
    this.asFirst ??= reachOf(this.line.octets.toString('latin1'), this.delimiter);
    return this.asFirst;
  }

  /** How far it goes where a quote is open before it. */
  get withinQuotes(): Reach {
    this.asOther ??= this.line.octets.includes(quote)
      ? reachFromQuote(this.line.octets.toString('latin1'), this.delimiter)
      : nothingEnds;
    return this.asOther;
  }
}

const nothingEnds: Reach = { end: 'open', fields: 0 };

function linesOf(open: readonly QuotedLine[]): readonly Line[] {
  return open.map(({ line }) => line);
}

function join(lines: readonly Line[]): Buffer {
  const [first] = lines;
  if (first !== undefined && lines.length === 1) return first.octets;
  return Buffer.concat(
    lines.flatMap(({ octets, ending }, index) =>
      index < lines.length - 1 ? [octets, Buffer.from(ending, 'latin1')] : [octets],
    ),
  );
}

const quote = 0x22;
