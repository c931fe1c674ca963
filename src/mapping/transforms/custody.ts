import { dayOf, fullYearsBetween } from '../../person/calendar-date.js';
import type { Located } from '../elements.js';
import { isJsonObject, memberOf, textOf, type JsonObject } from '../json.js';
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
import { numbersIn } from './identity.js';

const AGE_OF_MAJORITY = 18;

/**
 * The element that tells who has custody of this person. Parents' documents carry the same elements with the child as
 * subject; those are never about the parent (persontjenesten-api 13.1).
 */
function ownCustody(input: TransformInput): Located<JsonObject> | undefined {
  const own = new Set<string>(numbersIn(input.document).map(({ nin }) => nin));
  own.add(input.nin);
  for (const { path, value } of sourceAt(input, 0)) {
    if (!isJsonObject(value)) continue;
    const subject = textOf(memberOf(value, 'subjectOfResponsibility'));
    const otherSubject = isJsonObject(memberOf(value, 'subjectOfResponsibilityWithoutIdentifier'));
    if (subject === undefined ? !otherSubject : own.has(subject)) return { path, value };
  }
  return undefined;
}

/** Blank for grown-ups, and for people whose age nobody knows: PREG told custody of children ("Decided" 5). */
function whenMinor(input: TransformInput, then: (custody: Located<JsonObject>) => Outcome): Outcome {
  const birth = dayOf(textAt(input, 1)?.text ?? '');
  if (birth === undefined) return { kind: 'blank', reason: 'no date of birth' };
  if (fullYearsBetween(birth, input.today) >= AGE_OF_MAJORITY)
    return { kind: 'blank', reason: 'over eighteen' };
  const custody = ownCustody(input);
  return custody === undefined ? notDelivered : then(custody);
}

/** Custody: D, M, F, A or U. */
export const custody: Transform = (input) =>
  whenMinor(input, ({ path, value }) => {
    const member = textOf(memberOf(value, 'responsibilityType'));
    if (member === undefined) return notDelivered;
    const answer = codeOf(input, member);
    if (answer === undefined) return { kind: 'blank', reason: 'unknown upstream value' };
    if (answer.kind === 'blank') return answer;
    return filled(String(answer.entry.code), { path: `${path}.responsibilityType`, value: member });
  });

/** Since when the custody holds. */
export const custodyDay: Transform = (input) =>
  whenMinor(input, ({ path, value }) => {
    const validFrom = textOf(memberOf(value, 'validFrom')) ?? '';
    const day = dayOf(validFrom);
    return day === undefined ? notDelivered : filled(day, { path: `${path}.validFrom`, value: validFrom });
  });

/** WithoutLegalCapacity: J for limited legal authority, or for its forerunner that had no scope. */
export const legalCapacity: Transform = (input) => {
  const scope = textAt(input, 0);
  if (scope !== undefined) {
    const answer = codeOf(input, scope.text);
    if (answer?.kind === 'mapped') return filled(String(answer.entry.code), scope.located);
    return { kind: 'blank', reason: answer?.reason ?? 'unknown upstream value' };
  }
  const deprived = sourceAt(input, 1)[0];
  const limited = input.codes().find('Limited');
  return deprived === undefined || limited?.kind !== 'mapped'
    ? notDelivered
    : filled(String(limited.entry.code), deprived);
};
