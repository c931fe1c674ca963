import type { MatchStatus, RowOutcome, Told } from './matcher.js';
import { outputFields, type OutputField, type OutputRow } from '../record.js';

/** All that mode K tells of a row (preg-xml-filematch-hl7v2 2.4): status and mask. */
const checkFields: ReadonlySet<OutputField> = new Set([
  'ownRef',
  'ninIn',
  'matchStatus',
  'matchMethod',
  'candidates',
  'changeMask',
  'errorCode',
]);

/** The statuses of people who were found (10–29). */
const foundStatuses: ReadonlySet<MatchStatus> = new Set(['10', '11', '12', '20', '21']);

/**
 * What is written of an outcome. Mode V: all; K: no data of the person; E: as V, but people of whom nothing differs and
 * nothing was filled in are left out. What could not be answered is never left out.
 */
export const tellIn: Told = (outcome, mode) => {
  switch (mode) {
    case 'V':
      return outcome.told;
    case 'K':
      return checkedOnly(outcome.told);
    case 'E':
      return isUnchanged(outcome) ? null : outcome.told;
  }
};

function checkedOnly(told: OutputRow): OutputRow {
  const row: Partial<Record<OutputField, string>> = {};
  for (const field of outputFields) {
    const value = told[field];
    if (value !== undefined && checkFields.has(field)) row[field] = value;
  }
  return row;
}

function isUnchanged({ status, changeMask }: RowOutcome): boolean {
  return foundStatuses.has(status) && !/[12]/.test(changeMask);
}
