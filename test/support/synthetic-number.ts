import { checkDigitsFor, isNationalId, type NationalId } from '../../src/person/national-id.js';

/** A number that can belong to nobody: month + 80, valid check digits; another one for each index. */
export function syntheticNumber(index = 0): NationalId {
  let left = index;
  for (let serial = 0; serial < 500 * 28; serial += 1) {
    const day = String((serial % 28) + 1).padStart(2, '0');
    const individual = String(100 + Math.floor(serial / 28)).padStart(3, '0');
    const nine = `${day}8150${individual}`;
    const check = checkDigitsFor(nine);
    if (check === undefined) continue;
    if (left > 0) {
      left -= 1;
      continue;
    }
    const number = nine + check;
    if (isNationalId(number)) return number;
  }
  throw new RangeError('no synthetic number left');
}
