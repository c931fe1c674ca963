import type { Layout } from '../layout/layout.js';
import { CsvRecords } from './csv-records.js';
import { FixedRecords } from './fixed-records.js';
import type { Line } from './lines.js';

/**
 * What a record is by its place and its first characters: the head of a file, a row, a row that does not say that it is one, the
 * trailer, or what comes after the trailer.
 */
export type RecordKind = 'head' | 'row' | 'unknown' | 'trailer' | 'beyond';

/** A record as it lies in the file: mostly a line. */
export interface FileRecord {
  readonly kind: RecordKind;
  readonly octets: Buffer;
  /** Its first line. */
  readonly line: number;
  /** Whether it is no more than a part of what it should be: a line that is too long, a quote that never closes. */
  readonly damaged: boolean;
}

/**
 * Makes records of lines, without knowing the charset. Both readings of a file go through it, so that they count the same rows.
 * Lines that are blank are no records.
 */
export interface Records {
  /** The records that are complete with this line. */
  take(line: Line): readonly FileRecord[];
  /** What is left when the file ends. */
  end(): readonly FileRecord[];
}

/** @param layout whose head, where it has one, the first record is */
export function recordsOf(layout: Layout): Records {
  return layout.encoding === 'fixed' ? new FixedRecords(layout) : new CsvRecords(layout);
}

/** Whether a record is a row of data: one that does not say what it is counts as one, so that somebody is told of it. */
export function isRow({ kind }: FileRecord): boolean {
  return kind === 'row' || kind === 'unknown';
}
