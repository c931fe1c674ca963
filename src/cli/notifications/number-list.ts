import { hasRegularCheckDigits, isNationalId, type NationalId } from '../../person/national-id.js';

/** What a file of numbers holds. */
export interface NumberList {
  /** Each once, in the order of the file. */
  readonly numbers: readonly NationalId[];
  /** Lines that hold none, counted from 1. What they hold is told nowhere: it may be a name. */
  readonly badLines: readonly number[];
  /** How many numbers have irregular check digits; they are taken all the same (Safety S6). */
  readonly irregular: number;
}

/**
 * Reads a number from each line, or from the first column of CSV, quoted or not. Blank lines are passed over, and so is a first
 * line without a digit, which is a heading.
 */
export function readNumberList(text: string): NumberList {
  const numbers = new Set<NationalId>();
  const badLines: number[] = [];
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n?|\n/)
    .forEach((line, index) => {
      if (line.trim() === '' || (index === 0 && !/\d/.test(line))) return;
      const [first = ''] = line.split(/[;,\t|]/, 1);
      const number = first
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .replace(/^(\d{6}) (\d{5})$/, '$1$2');
      if (isNationalId(number)) numbers.add(number);
      else badLines.push(index + 1);
    });
  const all = [...numbers];
  return { numbers: all, badLines, irregular: all.filter((one) => !hasRegularCheckDigits(one)).length };
}
