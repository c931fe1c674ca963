import { dayOf, fullYearsBetween } from '../../person/calendar-date.js';
import { isLocatedObject, memberAt, type Located } from '../elements.js';
import { objectIn, textIn, type JsonObject } from '../json.js';
import {
  coded,
  dayInMember,
  notDelivered,
  textAt,
  type Outcome,
  type Transform,
  type TransformInput,
} from '../transform.js';

const AGE_OF_MAJORITY = 18;

/**
 * The element that tells who has custody of this person. Parents' documents carry the same elements with the child as
 * subject; those are never about the parent (persontjenesten-api 13.1).
 */
function ownCustody(input: TransformInput): Located<JsonObject> | undefined {
  const own = new Set<string>([input.nin, ...input.document.numbers.all.map(({ nin }) => nin)]);
  return input
    .sourceAt(0)
    .filter(isLocatedObject)
    .find(({ value }) => {
      const subject = textIn(value, 'subjectOfResponsibility');
      if (subject !== undefined) return own.has(subject);
      return (
        objectIn(value, 'subjectOfResponsibilityWithoutIdentifier') === undefined &&
        !own.has(textIn(value, 'responsible') ?? '')
      );
    });
}

/** Blank for grown-ups, and for people whose age nobody knows: PREG told custody of children ("Decided" 5). */
function whenMinor(input: TransformInput, then: (custody: Located<JsonObject>) => Outcome): Outcome {
  const birth = dayOf(textAt(input, 1)?.text ?? '');
  if (birth === undefined) return { kind: 'blank', reason: 'no date of birth' };
  if (fullYearsBetween(birth, input.today) >= AGE_OF_MAJORITY) {
    return { kind: 'blank', reason: 'eighteen or older' };
  }
  const custody = ownCustody(input);
  return custody === undefined ? notDelivered : then(custody);
}

/** Custody: D, M, F, A or U. */
export const custody: Transform = (input) =>
  whenMinor(input, (element) => coded(input, memberAt(element, 'responsibilityType'), String));

/** Since when the custody holds. */
export const custodyDay: Transform = (input) =>
  whenMinor(input, (element) => dayInMember(element, 'validFrom'));
