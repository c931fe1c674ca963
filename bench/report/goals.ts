import { tableOf } from './table.js';

/** What a measurement is to reach. */
export interface Goal {
  readonly what: string;
  readonly measured: string;
  readonly wanted: string;
  readonly isMet: boolean;
}

/** A goal that a number is at most, or at least, another. NaN meets none. */
export function limitGoal(
  what: string,
  measured: number,
  comparison: 'at least' | 'at most' | 'above',
  limit: number,
  unit = '',
): Goal {
  const isMet = {
    'at least': measured >= limit,
    'at most': measured <= limit,
    above: measured > limit,
  }[comparison];
  const written = unit === '' ? measured.toFixed(2) : `${measured.toFixed(1)} ${unit}`;
  return { what, measured: written, wanted: `${comparison} ${limit}${unit === '' ? '' : ` ${unit}`}`, isMet };
}

/** Prints them, and has the program end with exit code 1 when one was missed. */
export function concludeWith(goals: readonly Goal[]): void {
  const rows = goals.map(({ what, measured, wanted, isMet }) => [
    what,
    measured,
    wanted,
    isMet ? 'met' : 'NOT MET',
  ]);
  process.stdout.write(`\n${tableOf([['goal', 'measured', 'wanted', ''], ...rows])}`);
  if (!goals.every(({ isMet }) => isMet)) process.exitCode = 1;
}
