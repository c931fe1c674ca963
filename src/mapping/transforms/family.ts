import { isLocatedObject, memberAt, type Located } from '../elements.js';
import { textOf } from '../json.js';
import { filled, notDelivered, type Transform, type TransformInput } from '../transform.js';

/**
 * The number of a relative in the first role that the person has anybody in: a co-mother stands in the father's field
 * only when there is no father, with a number or without ("Decided" 3).
 */
export const relativeInFirstRole: Transform = (input) => {
  const relatives = inFirstRole(input);
  for (const relative of relatives.filter(isLocatedObject)) {
    const located = memberAt(relative, 'relatedPerson');
    const number = textOf(located.value);
    if (number !== undefined) return filled(number, located);
  }
  return notDelivered;
};

function inFirstRole(input: TransformInput): readonly Located[] {
  for (let index = 0; index < input.sourceCount; index += 1) {
    const relatives = input.sourceAt(index);
    if (relatives.length > 0) return relatives;
  }
  return [];
}
