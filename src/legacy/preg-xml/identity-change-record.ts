import type { CalendarDate } from '../../person/calendar-date.js';
import type { NationalId } from '../../person/national-id.js';
import { blankText, type BlankStringAs } from './blank-text.js';
import type { DataRecord } from './schema/data-value.js';

/** One number that took the place of another. */
export interface ReplacedNumber {
  /** When it did. */
  readonly date: CalendarDate | null;
  /** The number in use. */
  readonly nin: NationalId;
  readonly oldNIN: NationalId | null;
}

/** The change as the contract's `IdentityChange` (contract 1.4). */
export function identityChangeRecord(change: ReplacedNumber, blankStringAs: BlankStringAs): DataRecord {
  return {
    DateStatus: change.date,
    NIN: change.nin,
    OldNIN: blankText(blankStringAs)(change.oldNIN),
  };
}
