import type { CsvLayout } from '../layout/layout.js';
import { splitFields, type CsvFlaw } from './csv-fields.js';
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
  /** Lines of a record whose quote is open. */
  private open: Line[] = [];
  private openLength = 0;

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
    this.add(line, records);
    return records;
  }

  end(): readonly FileRecord[] {
    const records: FileRecord[] = [];
    while (this.open.length > 0) this.giveUp(records);
    return records;
  }

  private add(line: Line, records: FileRecord[]): void {
    if (this.open.length === 0 && isBlank(line)) return;
    this.open.push(line);
    this.openLength += line.octets.length + line.ending.length;
    if (line.tooLong || this.openLength > longestLine + 2) {
      this.giveUp(records);
      return;
    }
    const state = this.stateAfter(line);
    if (state === 'open') {
      if (this.open.length >= longestRecordInLines || this.width === null) this.giveUp(records);
    } else if (state === 'broken') {
      this.giveUp(records);
    } else {
      records.push(this.record(this.open, false));
      this.forget();
    }
  }

  /** What the open lines are together, the last of them just added. */
  private stateAfter(line: Line): CsvFlaw | 'closed' {
    const isAlone = this.open.length === 1;
    if (!line.octets.includes(quote)) return isAlone ? 'closed' : 'open';
    const fields = splitFields(join(this.open).toString('latin1'), this.delimiter);
    if (typeof fields === 'string') return fields;
    return isAlone || fields.length === this.width ? 'closed' : 'broken';
  }

  /** The first line is a damaged record by itself; the others begin anew. */
  private giveUp(records: FileRecord[]): void {
    const [first, ...others] = this.open;
    this.forget();
    if (first === undefined) return;
    records.push(this.record([first], true));
    for (const line of others) this.add(line, records);
  }

  private forget(): void {
    this.open = [];
    this.openLength = 0;
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
