import { textIn, type JsonObject } from '../../../mapping/json.js';
import { numbersIn, type OwnNumber } from '../../../mapping/transforms/identity.js';
import { isCalendarDate, type CalendarDate } from '../../../person/calendar-date.js';
import type { IdentityChange } from '../../change-feed.js';

/**
 * Every number of a person that gave way to the one in use, the newest first; none for a person without a number in use. A split
 * leaves no trace in a document, so that nothing is told of it here (Safety S9: no two become one, or the other way, by guess).
 * @param document with every number that the person ever had
 */
export function numberChangesIn(document: JsonObject): readonly IdentityChange[] {
  const numbers = numbersIn(document);
  const inUse = numbers.find((number) => number.inUse);
  if (inUse === undefined) return [];
  const former = numbers.filter(({ nin, discontinued }) => discontinued && nin !== inUse.nin);
  return [...new Map(former.map((number) => [number.nin, number])).values()].map((number) => ({
    nin: inUse.nin,
    oldNIN: number.nin,
    dateStatus: dayOfEnd(number, numbers),
  }));
}

/** Its own end, else the day on which the next number began (persontjenesten-api 8). */
function dayOfEnd({ element, validFrom }: OwnNumber, numbers: readonly OwnNumber[]): CalendarDate | null {
  const [next] = numbers
    .map((number) => number.validFrom)
    .filter((begin) => begin > validFrom)
    .sort();
  // Dates in the clothing of a time, without a zone that counts.
  const day = (textIn(element.value, 'validTo') ?? next ?? '').slice(0, 10);
  return isCalendarDate(day) ? day : null;
}
