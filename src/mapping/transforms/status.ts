import { dayOf } from '../../person/calendar-date.js';
import { textOf } from '../json.js';
import {
  codeOf,
  filled,
  notDelivered,
  sourceAt,
  textAt,
  type Outcome,
  type Transform,
  type TransformInput,
} from '../transform.js';
import { numbersIn, type OwnNumber } from './identity.js';

/** PREG's registration codes that carry a rule of their own (code list 4.1). */
const EMIGRATED = 3;
const DECEASED = 5;
const SUPERSEDED = 6;

/**
 * The record's own number, when it is a national identity number that gave way to another one.
 * A superseded D-number keeps the person's status ("Decided" 2).
 */
function supersededOwnNumber(input: TransformInput): OwnNumber | undefined {
  const numbers = numbersIn(input.document);
  const own = numbers.find(({ nin }) => nin === input.nin);
  const replaced = own?.inUse === false && own.type === 'NationalIdentityNumber';
  return replaced && numbers.some(({ inUse }) => inUse) ? own : undefined;
}

/** RegStatus (persontjenesten-api 13.2). */
export const registrationStatus: Transform = (input) => {
  const superseded = supersededOwnNumber(input);
  if (superseded !== undefined) return filled(SUPERSEDED, superseded.located);
  const member = textAt(input, 0);
  if (member === undefined) return notDelivered;
  const answer = codeOf(input, member.text);
  if (answer === undefined) return { kind: 'blank', reason: 'unknown upstream value' };
  return answer.kind === 'blank' ? answer : filled(Number(answer.entry.code), member.located);
};

/** The registration code of the person, for the fields that depend on it; null when it is blank. */
function statusCode(input: TransformInput, source: number): number | null {
  const member = textAt(input, source);
  const answer = member === undefined ? undefined : input.codes().find(member.text);
  return answer?.kind === 'mapped' ? Number(answer.entry.code) : null;
}

function dayAt(input: TransformInput, index: number): Outcome {
  for (const located of sourceAt(input, index)) {
    const day = dayOf(textOf(located.value) ?? '');
    if (day !== undefined) return filled(day, located);
  }
  return notDelivered;
}

/** DateStatus: the day of death for 5, of emigration for 3, of the change of number for 6, else since when the status holds. */
export const registrationStatusDay: Transform = (input) => {
  if (supersededOwnNumber(input) !== undefined) return changeOfNumberDay(input);
  const code = statusCode(input, 3);
  const special = code === DECEASED ? dayAt(input, 1) : code === EMIGRATED ? dayAt(input, 2) : notDelivered;
  return special.kind === 'value' ? special : dayAt(input, 0);
};

function changeOfNumberDay(input: TransformInput): Outcome {
  const successor = numbersIn(input.document).find(({ inUse }) => inUse);
  const day = successor === undefined ? undefined : dayOf(successor.validFrom);
  return successor === undefined || day === undefined ? notDelivered : filled(day, successor.located);
}

/** StatusCountryCode: where an emigrant went, as a DSF code. */
export const emigrationCountry: Transform = (input) => {
  if (statusCode(input, 1) !== EMIGRATED) return { kind: 'blank', reason: 'only for emigrants' };
  const country = textAt(input, 0);
  if (country === undefined) return notDelivered;
  const known = input.countries.byAlpha3(country.text);
  if (known === undefined) {
    input.unmapped(country.text);
    return { kind: 'blank', reason: 'unknown country' };
  }
  return filled(Number(known.code), country.located);
};

/** Whether the person is dead; blank when neither status nor death tells (Safety S7). */
export const deceased: Transform = (input) => {
  const death = sourceAt(input, 1)[0];
  if (death !== undefined) return filled(true, death);
  const status = textAt(input, 0);
  if (status === undefined) return notDelivered;
  const answer = input.codes().find(status.text);
  if (answer === undefined) return { kind: 'blank', reason: 'unknown upstream value' };
  return filled(answer.kind === 'mapped' && answer.entry.code === DECEASED, status.located);
};
