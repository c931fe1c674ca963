import type { FileHeader, OutputRow, Totals } from '../record.js';

/** What the head of a result tells besides what it echoes. */
export interface ResultFacts {
  readonly header: FileHeader;
  readonly jobId: string;
  readonly registerTimestamp: Date;
}

/** A row in the form of the file. */
export interface WrittenRow {
  readonly octets: Uint8Array;
  /** Whether a text was too long for its field (Safety S11); then, and for letters that the charset lacks, the row says so. */
  readonly cut: boolean;
  readonly replaced: boolean;
}

/** Writes a result, piece by piece. Holds nothing of the rows. */
export interface ResultWriter {
  /** What comes before the rows; may be empty. */
  opening(): Uint8Array;
  row(row: OutputRow): WrittenRow;
  /** What comes after them; may be empty. */
  closing(totals: Totals): Uint8Array;
}
