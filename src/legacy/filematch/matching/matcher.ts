import type { AuditOutcome } from '../../../operations/audit-trail.js';
import type { NationalId } from '../../../person/national-id.js';
import type { Caller } from '../../../registry/person-registry.js';
import type { FilematchErrorCode, InputRow, Mode, OutputRow } from '../record.js';

/** What became of a row (preg-xml-filematch-hl7v2 2.5). */
export const matchStatuses = [
  '10',
  '11',
  '12',
  '20',
  '21',
  '30',
  '40',
  '41',
  '50',
  '51',
  '52',
  '53',
  '60',
  '90',
] as const;
export type MatchStatus = (typeof matchStatuses)[number];

/** The answer about one row. */
export interface RowOutcome {
  readonly status: MatchStatus;
  /** Twelve positions (preg-xml-filematch-hl7v2 2.6). */
  readonly changeMask: string;
  readonly errorCode: FilematchErrorCode | null;
  /** Everything that the client may see of it in mode V, `ownRef`, status and mask included. */
  readonly told: OutputRow;
  /** Whose data was asked for; null where the row names nobody and nobody was found. */
  readonly subject: NationalId | null;
  readonly auditOutcome: AuditOutcome;
}

/** What a client's settings say of matching. */
export interface MatchSettings {
  /** What is told of one hit below the threshold (status 21): the mask alone, or the person. */
  readonly weakMatches: 'mask' | 'data';
}

/** Finds the people of rows. */
export interface Matcher {
  /** The outcome of a row that is not looked up, for its form or its number; undefined for one that is. */
  judge(row: InputRow, isFirstOfItsRef: boolean): RowOutcome | undefined;
  /**
   * An outcome for each row that {@link judge} leaves over, in their order: numbers in one question, then searches a few side by
   * side. Where upstream will not answer for one row whatever is tried, that row alone is status 90 with E901; with E902 where it
   * is the client that is refused.
   * @throws AdapterError for trouble that passes by itself or is not that of some rows: then nothing is known of any of them, and
   *   the whole is worth another try later, whatever retry class the error has (a token that HelseID refuses is permanent in the
   *   catalogue, and still nobody's of these rows). What the signal aborts with.
   */
  match(rows: readonly InputRow[], caller: Caller, settings: MatchSettings): Promise<readonly RowOutcome[]>;
  /** The outcome of a row that is given up. */
  givenUp(row: InputRow, code: 'E900' | 'E901' | 'E902', auditOutcome: AuditOutcome): RowOutcome;
}

/** What is written of an outcome in a mode: null for a row that mode E leaves out. */
export type Told = (outcome: RowOutcome, mode: Mode) => OutputRow | null;
