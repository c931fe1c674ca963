import type { HelpNumberRecord, RecordedAddress } from '../../src/person/help-number-record.js';
import { checkDigitsFor, isNationalId, type NationalId } from '../../src/person/national-id.js';

/** Numbers of NHN's test range, 800000000–800009998, the same for the same index. */
export function helpNumber(index: number): NationalId {
  const found = usable[index];
  if (found === undefined) throw new RangeError('the test range has no more numbers');
  return found;
}

const usable: readonly NationalId[] = Array.from({ length: 9_999 }, (_, offset) => {
  const digits = String(800_000_000 + offset);
  return digits + (checkDigitsFor(digits) ?? '');
}).filter(isNationalId);

/** A record of which nothing is told, and what is told besides. */
export function recordOf(told: Partial<HelpNumberRecord> = {}): HelpNumberRecord {
  return {
    name: { given: null, middle: null, family: null },
    gender: null,
    birth: null,
    deceased: null,
    dateOfDeath: null,
    addresses: [],
    telecoms: [],
    foreignIds: [],
    citizenships: [],
    ...told,
  };
}

/** A stay of which nothing is told, and what is told besides. */
export function recordedAddress(told: Partial<RecordedAddress> = {}): RecordedAddress {
  return {
    kind: 'stay',
    lines: [],
    postalCode: null,
    postalPlace: null,
    municipality: null,
    careOf: null,
    country: null,
    ...told,
  };
}
