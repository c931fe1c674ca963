import type { FilematchErrorCode, InputRow } from '../record.js';
import type { MatchStatus, RowOutcome } from './matcher.js';
import { problemOfNumber, type CheckDigitRule } from './number-rules.js';
import { outcomeOf } from './row-outcomes.js';

/**
 * The outcome of a row that is not looked up (preg-xml-filematch-hl7v2 2.5 and 2.7); undefined for one that is. Its form comes
 * before its key, its key before its number; a number that is wrong is not searched around.
 */
export function judgeRow(
  row: InputRow,
  isFirstOfItsRef: boolean,
  checkDigits: CheckDigitRule,
): RowOutcome | undefined {
  const refused = (status: MatchStatus, errorCode: FilematchErrorCode): RowOutcome =>
    outcomeOf(row, { status, errorCode, auditOutcome: 'refused' });
  if (row.problem !== null) return refused('52', row.problem);
  if (row.ownRef === '') return refused('52', 'E006');
  if (!isFirstOfItsRef) return refused('52', 'E009');
  if (row.nin === '') {
    return row.dateOfBirth === null || row.surname === '' ? refused('51', 'E004') : undefined;
  }
  const problem = problemOfNumber(row.nin, checkDigits);
  if (problem === undefined) return undefined;
  return refused(problem === 'E008' ? '53' : '50', problem);
}
