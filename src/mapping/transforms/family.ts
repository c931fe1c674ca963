import { isLocatedObject, memberAt } from '../elements.js';
import { textOf } from '../json.js';
import { filled, notDelivered, type Transform } from '../transform.js';

/**
 * The number of a relative in the first role that the person has anybody in: a co-mother stands in the father's field
 * only when there is no father, with a number or without ("Decided" 3).
 */
export const relativeInFirstRole: Transform = ({ sources }) => {
  const relatives = sources.find((role) => role.length > 0) ?? [];
  for (const relative of relatives.filter(isLocatedObject)) {
    const located = memberAt(relative, 'relatedPerson');
    const number = textOf(located.value);
    if (number !== undefined) return filled(number, located);
  }
  return notDelivered;
};
