import { isLocatedObject, memberAt, type Located } from '../elements.js';
import { textIn } from '../json.js';
import { isKnownType, type OwnNumber } from '../own-numbers.js';
import type { ReadDocument } from '../read-document.js';
import {
  allSources,
  dayInMember,
  filled,
  notDelivered,
  type Outcome,
  type Transform,
  type TransformInput,
} from '../transform.js';

export { numbersIn, type OwnNumber } from '../own-numbers.js';

/** Where the number itself stands. */
function placeOf({ element }: OwnNumber): Located {
  return memberAt(element, 'identificationNumber');
}

function filledWith(number: OwnNumber | undefined): Outcome {
  return number === undefined
    ? { kind: 'blank', reason: 'no such number' }
    : filled(number.nin, placeOf(number));
}

function listOf(numbers: readonly OwnNumber[]): Outcome {
  if (numbers.length === 0) return filledWith(undefined);
  return filled([...new Set(numbers.map(({ nin }) => nin))], ...numbers.map(placeOf));
}

/** The number that the record is about. */
export const recordNumber: Transform = (input) => {
  const own = ownAmong(input, input.document.numbers.among(allSources(input)));
  return filled(input.nin, ...(own === undefined ? [] : [placeOf(own)]));
};

function ownAmong({ nin }: TransformInput, numbers: readonly OwnNumber[]): OwnNumber | undefined {
  return numbers.find((number) => number.nin === nin);
}

/** The number in use, when the record's own is not. */
export const successorNumber: Transform = (input) => {
  const numbers = input.document.numbers.among(allSources(input));
  const own = ownAmong(input, numbers);
  if (own?.discontinued !== true) return { kind: 'blank', reason: 'the number is in use' };
  const successor = numbers.find(({ inUse }) => inUse);
  return successor === undefined ? notDelivered : filledWith(successor);
};

/** Numbers out of use, newest first: all of them for a record in use, else those before the record's own. */
function supersededBy(input: TransformInput): readonly OwnNumber[] {
  const numbers = input.document.numbers.among(allSources(input));
  const own = ownAmong(input, numbers);
  return numbers.filter(
    (number) =>
      number.nin !== input.nin &&
      number.discontinued &&
      isKnownType(number) &&
      (own?.discontinued !== true || isNoNewer(number, own)),
  );
}

function isNoNewer(number: OwnNumber, than: OwnNumber): boolean {
  return number.validFrom <= than.validFrom;
}

/** The newest number out of use before the record's own; one that was lost in a merger may be newer than it. */
export const predecessorNumber: Transform = (input) => {
  const superseded = supersededBy(input);
  const own = ownAmong(input, input.document.numbers.among(allSources(input)));
  const before = superseded.find((number) => own === undefined || isNoNewer(number, own));
  return filledWith(before ?? superseded[0]);
};

/** Every number out of use before the record's own, newest first. */
export const supersededNumbers: Transform = (input) => listOf(supersededBy(input));

/** Numbers in use besides the record's own. */
export const alternativeNumbers: Transform = (input) =>
  listOf(
    input.document.numbers
      .among(allSources(input))
      .filter((number) => number.inUse && number.nin !== input.nin && isKnownType(number)),
  );

/** The day that a number gave way: its own end, else the day that the next one began (persontjenesten-api 8). */
export function endOf(number: OwnNumber, document: ReadDocument): Outcome {
  const end = dayInMember(number.element, 'validTo');
  if (end.kind === 'value') return end;
  const [next] = document.numbers.all
    .filter(({ validFrom }) => validFrom > number.validFrom)
    .toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  return next === undefined ? notDelivered : dayInMember(next.element, 'validFrom');
}

/** The day on which each number of {@link supersededNumbers} gave way, empty where it is not known. */
export const supersededDays: Transform = (input) => {
  const numbers = new Map(
    supersededBy(input)
      .toReversed()
      .map((number) => [number.nin, number]),
  );
  if (numbers.size === 0) return filledWith(undefined);
  const ends = [...numbers.values()].toReversed().map((number) => endOf(number, input.document));
  const days = ends.map((end) => (end.kind === 'value' ? String(end.value) : ''));
  return filled(days, ...ends.flatMap((end) => (end.kind === 'value' ? end.from : [])));
};

/** What upstream calls a DUF number among the numbers of the immigration authorities (persontjenesten-api 12). */
const DUF_TYPE = 'utlendingsmyndighetenesIdentifikasjonsnummer';

/** A DUF number: twelve digits of that type, or of none. Other numbers of the immigration authorities are something else. */
export const dufNumber: Transform = (input) => {
  for (const element of allSources(input)) {
    if (!isLocatedObject(element)) continue;
    const type = textIn(element.value, 'identificationNumberType');
    const digits = textIn(element.value, 'identificationNumber');
    if ((type ?? DUF_TYPE) === DUF_TYPE && digits !== undefined && /^[0-9]{12}$/.test(digits)) {
      return filled(digits, memberAt(element, 'identificationNumber'));
    }
  }
  return notDelivered;
};
