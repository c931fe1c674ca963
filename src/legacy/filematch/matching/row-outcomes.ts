import type { AuditOutcome } from '../../../operations/audit-trail.js';
import type { NationalId } from '../../../person/national-id.js';
import type { FilematchErrorCode, InputRow, OutputRow } from '../record.js';
import { BLANK_MASK } from './change-mask.js';
import type { MatchStatus, RowOutcome } from './matcher.js';
import { isElevenDigits, isInternalNumber } from './number-rules.js';

/** How a row was matched: by a number in use, by one out of use, by a search, or not at all. */
export type MatchMethod = 'I' | 'H' | 'N' | '';

/** What makes an outcome; what is left out is blank. */
export interface OutcomeParts {
  readonly status: MatchStatus;
  readonly method?: MatchMethod;
  readonly candidates?: number;
  readonly changeMask?: string;
  readonly errorCode?: FilematchErrorCode;
  /** What is told of the person. */
  readonly data?: OutputRow;
  /** Whose data was asked for, where it is not whom the row names. */
  readonly subject?: NationalId;
  readonly auditOutcome: AuditOutcome;
}

/** The outcome of a row, with what every row tells. */
export function outcomeOf(row: InputRow, parts: OutcomeParts): RowOutcome {
  const { status, method = '', candidates = 0, changeMask = BLANK_MASK, errorCode } = parts;
  return {
    status,
    changeMask,
    errorCode: errorCode ?? null,
    told: {
      ...parts.data,
      ownRef: row.ownRef,
      ...(row.nin === '' ? {} : { ninIn: row.nin }),
      matchStatus: status,
      ...(method === '' ? {} : { matchMethod: method }),
      candidates: String(candidates),
      changeMask,
      ...(errorCode === undefined ? {} : { errorCode }),
    },
    subject: parts.subject ?? numberIn(row),
    auditOutcome: parts.auditOutcome,
  };
}

/** An organisation's own number names nobody outside of it. */
function numberIn({ nin }: InputRow): NationalId | null {
  return isElevenDigits(nin) && !isInternalNumber(nin) ? nin : null;
}
