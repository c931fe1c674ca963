import type { RowOutcome } from '../matching/matcher.js';
import type { Totals } from '../record.js';
import type { Checkpoint, Extent } from './job.js';

export const NOTHING: Extent = { pieces: 0, length: 0 };

/** Where a job begins. */
export const START: Checkpoint = {
  rows: 0,
  result: NOTHING,
  rejects: NOTHING,
  totals: {
    recordCount: 0,
    matched: 0,
    changed: 0,
    noMatch: 0,
    ambiguous: 0,
    rejected: 0,
    technical: 0,
  },
  cut: 0,
  replaced: 0,
  complete: false,
};

/** Which total a status counts in (preg-xml-filematch-hl7v2 2.4, output trailer). */
function totalOf(status: string): Exclude<keyof Totals, 'recordCount' | 'changed'> {
  if (status === '60') return 'ambiguous';
  if (status < '30') return 'matched';
  if (status < '40') return 'ambiguous';
  if (status < '50') return 'noMatch';
  return status < '90' ? 'rejected' : 'technical';
}

/** Whether a row is among the rejected ones. */
export function isRejected({ status }: Pick<RowOutcome, 'status'>): boolean {
  return totalOf(status) === 'rejected';
}

/** Counts rows on top of those of a checkpoint. */
export class Tally {
  #rows: number;
  readonly #totals: Record<keyof Totals, number>;
  #cut: number;
  #replaced: number;

  constructor({ rows, totals, cut, replaced }: Checkpoint) {
    this.#rows = rows;
    this.#totals = { ...totals };
    this.#cut = cut;
    this.#replaced = replaced;
  }

  get totals(): Totals {
    return this.#totals;
  }

  /** Counts a row, and what was lost when it was written; null for one that was left out. */
  add(
    { status, changeMask }: Pick<RowOutcome, 'status' | 'changeMask'>,
    written: { readonly cut: boolean; readonly replaced: boolean } | null,
  ): void {
    this.#rows += 1;
    this.#totals[totalOf(status)] += 1;
    if (/[12]/.test(changeMask)) this.#totals.changed += 1;
    if (written === null) return;
    this.#totals.recordCount += 1;
    if (written.cut) this.#cut += 1;
    if (written.replaced) this.#replaced += 1;
  }

  /** The checkpoint once what was counted is on the disk. */
  checkpoint(result: Extent, rejects: Extent, complete: boolean): Checkpoint {
    return {
      rows: this.#rows,
      result,
      rejects,
      totals: { ...this.#totals },
      cut: this.#cut,
      replaced: this.#replaced,
      complete,
    };
  }
}
