import type { FixedLayout } from '../layout/layout.js';
import { isBlank, type Line } from './lines.js';
import type { FileRecord, RecordKind, Records } from './records.js';

/** A record is a line; its first characters say what it is. */
export class FixedRecords implements Records {
  private readonly isMarked: boolean;
  private kindOfFirst: 'head' | null;
  private hasEnded = false;

  constructor(private readonly layout: FixedLayout) {
    this.kindOfFirst = layout.input.header === null ? null : 'head';
    this.isMarked = layout.input.detail.some(({ field }) => field === 'recordType');
  }

  take(line: Line): readonly FileRecord[] {
    if (isBlank(line)) return [];
    const kind = this.kindOfFirst ?? this.kindOf(line);
    this.kindOfFirst = null;
    if (kind === 'trailer') this.hasEnded = true;
    return [{ kind, octets: line.octets, line: line.number, damaged: line.tooLong }];
  }

  end(): readonly FileRecord[] {
    return [];
  }

  private kindOf({ octets }: Line): RecordKind {
    if (this.hasEnded) return 'beyond';
    if (!this.isMarked) return 'row';
    const { detail, trailer } = this.layout.recordTypes;
    const mark = octets.toString('latin1', 0, detail.length);
    if (mark === detail) return 'row';
    return mark === trailer && this.layout.input.trailer !== null ? 'trailer' : 'unknown';
  }
}
