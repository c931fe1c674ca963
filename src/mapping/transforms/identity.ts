import { isNationalId, type NationalId } from '../../person/national-id.js';
import type { Located } from '../elements.js';
import { isJsonObject, memberOf, textOf, type JsonObject } from '../json.js';
import { resolvePath, parseSourcePath } from '../source-path.js';
import { allSources, filled, firstOf, notDelivered, type Outcome, type Transform } from '../transform.js';

/** One of a person's Norwegian identification numbers. */
export interface OwnNumber {
  readonly nin: NationalId;
  readonly inUse: boolean;
  readonly type: string;
  readonly validFrom: string;
  readonly located: Located;
}

const numbersPath = parseSourcePath('norwegianIdentificationNumber[every]');

/** The order in which a person's numbers in use are preferred (preg-hl7v3 4.2). */
const preference = ['NationalIdentityNumber', 'DNumber', 'AlternateIdentificationNumber'];

/** A person's numbers, the preferred first: in use before out of use, then by type, then the newest. */
export function numbersIn(document: JsonObject): readonly OwnNumber[] {
  return numbersAmong(resolvePath(numbersPath, document));
}

function numbersAmong(elements: readonly Located[]): readonly OwnNumber[] {
  return elements.flatMap(numberOf).toSorted(byPreference);
}

function numberOf(located: Located): readonly OwnNumber[] {
  if (!isJsonObject(located.value)) return [];
  const nin = textOf(memberOf(located.value, 'identificationNumber'));
  if (nin === undefined || !isNationalId(nin)) return [];
  const status = textOf(memberOf(located.value, 'status'));
  return [
    {
      nin,
      // An ended element without a status of its own is not a number in use.
      inUse: status === undefined ? memberOf(located.value, 'isValid') !== false : status === 'InUse',
      type: textOf(memberOf(located.value, 'identificationNumberType')) ?? '',
      validFrom: textOf(memberOf(located.value, 'validFrom')) ?? '',
      located: { path: `${located.path}.identificationNumber`, value: nin },
    },
  ];
}

function byPreference(a: OwnNumber, b: OwnNumber): number {
  if (a.inUse !== b.inUse) return a.inUse ? -1 : 1;
  if (a.inUse && a.type !== b.type) return rank(a.type) - rank(b.type);
  return a.validFrom === b.validFrom ? 0 : a.validFrom < b.validFrom ? 1 : -1;
}

function rank(type: string): number {
  const index = preference.indexOf(type);
  return index === -1 ? preference.length : index;
}

function listOf(numbers: readonly OwnNumber[]): Outcome {
  if (numbers.length === 0) return { kind: 'blank', reason: 'no such number' };
  return filled([...new Set(numbers.map(({ nin }) => nin))], ...numbers.map(({ located }) => located));
}

/** The number that the record is about. */
export const recordNumber: Transform = (input) => {
  const own = numbersAmong(allSources(input)).find(({ nin }) => nin === input.nin);
  return filled(input.nin, ...(own === undefined ? [] : [own.located]));
};

/** The number in use, when the record's own is not. */
export const successorNumber: Transform = (input) => {
  const numbers = numbersAmong(allSources(input));
  const own = numbers.find(({ nin }) => nin === input.nin);
  if (own === undefined || own.inUse) return { kind: 'blank', reason: 'the number is in use' };
  const successor = numbers.find(({ inUse }) => inUse);
  return successor === undefined ? notDelivered : filled(successor.nin, successor.located);
};

function supersededBy(input: Parameters<Transform>[0]): readonly OwnNumber[] {
  const numbers = numbersAmong(allSources(input));
  const own = numbers.find(({ nin }) => nin === input.nin);
  return numbers.filter(
    ({ nin, inUse, validFrom }) =>
      nin !== input.nin && !inUse && (own === undefined || own.inUse || validFrom <= own.validFrom),
  );
}

/** The newest number out of use before the record's own. */
export const predecessorNumber: Transform = (input) => {
  const [newest] = supersededBy(input);
  return newest === undefined
    ? { kind: 'blank', reason: 'no such number' }
    : filled(newest.nin, newest.located);
};

/** Every number out of use before the record's own, newest first. */
export const supersededNumbers: Transform = (input) => listOf(supersededBy(input));

/** Numbers in use besides the record's own. */
export const alternativeNumbers: Transform = (input) =>
  listOf(numbersAmong(allSources(input)).filter(({ nin, inUse }) => inUse && nin !== input.nin));

/** A DUF number: twelve digits. Other numbers of the immigration authorities are not DUF numbers. */
export const dufNumber: Transform = (input) =>
  firstOf(input, ({ value }) => {
    const digits = textOf(value);
    return digits !== undefined && /^[0-9]{12}$/.test(digits) ? digits : undefined;
  });
