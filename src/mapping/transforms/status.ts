import { memberAt, isLocatedObject, type Located } from '../elements.js';
import { textOf } from '../json.js';
import type { OwnNumber } from '../own-numbers.js';
import {
  coded,
  countryOf,
  dayIn,
  dayInMember,
  filled,
  notDelivered,
  textAt,
  type Outcome,
  type Transform,
  type TransformInput,
} from '../transform.js';
import { endOf } from './identity.js';

/** PREG's registration codes that carry a rule of their own (code list 4.1). */
const EMIGRATED = 3;
const DECEASED = 5;

/** A record's registration code, and the superseded number that decided it in the person's place. */
interface RecordStatus {
  readonly outcome: Outcome;
  readonly number?: OwnNumber;
}

/**
 * The registration code of the record. A record of a number that gave way to another has its own code, by kind of number
 * ("Decided" 1 and 2). That of a D-number never hides a death, nor that nothing is known of the person (Safety S7).
 */
function recordStatus(input: TransformInput): RecordStatus {
  const person = coded(input, input.sourceAt(0)[0], Number);
  const numbers = input.document.numbers.all;
  const own = numbers.find(({ nin }) => nin === input.nin);
  if (own?.discontinued !== true || !numbers.some(({ inUse }) => inUse)) return { outcome: person };
  const end = endOf(own, input.document);
  if (end.kind === 'value' && String(end.value) > input.on) return { outcome: person };
  if (own.type === 'DNumber' && (person.kind === 'blank' || person.value === DECEASED)) {
    return { outcome: person };
  }
  const answer = input.codes(1).find('Discontinued');
  const code = answer?.kind === 'mapped' ? answer.entry.columns[`regStatus${own.type}`] : undefined;
  if (code === undefined) return { outcome: person };
  return { outcome: filled(Number(code), memberAt(own.element, 'status')), number: own };
}

/** Whether the person has that registration code, and not merely a record of the person. */
function isStatus({ outcome, number }: RecordStatus, code: number): boolean {
  return number === undefined && outcome.kind === 'value' && outcome.value === code;
}

/** RegStatus (persontjenesten-api 13.2). */
export const registrationStatus: Transform = (input) => recordStatus(input).outcome;

/**
 * DateStatus: the day of death for 5, of emigration for 3, of the change of number for 6, else since when the status holds.
 */
export const registrationStatusDay: Transform = (input) => {
  const status = recordStatus(input);
  if (status.number?.type === 'DNumber') return dayInMember(status.number.element, 'validFrom');
  if (status.number !== undefined) return endOf(status.number, input.document);
  const special = isStatus(status, DECEASED) ? 2 : isStatus(status, EMIGRATED) ? 3 : undefined;
  const day = special === undefined ? notDelivered : dayIn(input.sourceAt(special)[0]);
  return day.kind === 'value' ? day : dayIn(input.sourceAt(1)[0]);
};

/** StatusCountryCode: where an emigrant went, as a DSF code. */
export const emigrationCountry: Transform = (input) => {
  if (!isStatus(recordStatus(input), EMIGRATED)) return { kind: 'blank', reason: 'only for emigrants' };
  const [member] = input.sourceAt(1);
  if (member === undefined) return notDelivered;
  const country = countryOf(input, member, 'byAlpha3');
  return country === undefined
    ? { kind: 'blank', reason: 'unknown country' }
    : filled(Number(country.code), member);
};

/** Whether the person is dead; blank when neither status nor death tells (Safety S7). */
export const deceased: Transform = (input) => {
  const death = input.sourceAt(1).find(isDeath);
  if (death !== undefined) return filled(true, death);
  const status = textAt(input, 0);
  if (status === undefined) return notDelivered;
  const answer = input.codes().find(status.text);
  if (answer === undefined) return { kind: 'blank', reason: 'unknown upstream value' };
  return filled(answer.kind === 'mapped' && answer.entry.code === DECEASED, status.located);
};

/** An element that neither says that it holds nor when the person died tells of no death. */
function isDeath(located: Located): boolean {
  if (!isLocatedObject(located)) return false;
  return located.value['isValid'] === true || textOf(memberAt(located, 'deceasedDate').value) !== undefined;
}
