import { checkDigitsFor, isNationalId, type NationalId } from '../../src/person/national-id.js';

const source = numbers();
const made: NationalId[] = [];

/** A number that can belong to nobody: month + 80, valid check digits; another one for each index. */
export function syntheticNumber(index = 0): NationalId {
  while (made.length <= index) {
    const next = source.next();
    if (next.done === true) break;
    made.push(next.value);
  }
  const number = made[index];
  if (number === undefined) throw new RangeError('no synthetic number left');
  return number;
}

function* numbers(): Generator<NationalId, void> {
  for (let serial = 0; serial < 500 * 28; serial += 1) {
    const day = String((serial % 28) + 1).padStart(2, '0');
    const individual = String(100 + Math.floor(serial / 28)).padStart(3, '0');
    const nine = `${day}8150${individual}`;
    const number = nine + (checkDigitsFor(nine) ?? '');
    if (number.length === 11 && isNationalId(number)) yield number;
  }
}
