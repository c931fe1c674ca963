import { isLocatedObject, memberAt } from '../elements.js';
import { textOf } from '../json.js';
import {
  coded,
  dayInMember,
  filled,
  notDelivered,
  type Outcome,
  type Transform,
  type TransformInput,
} from '../transform.js';

/** What limits the person's legal capacity, and since when. */
function limitIn(input: TransformInput): { readonly code: Outcome; readonly since: Outcome } {
  const authority = input.sourceAt(0).find(isLocatedObject);
  const scope = authority && memberAt(authority, 'legalAuthorityScope');
  if (authority !== undefined && textOf(scope?.value) !== undefined) {
    return { code: coded(input, scope, String), since: dayInMember(authority, 'validFrom') };
  }
  // The forerunner had no scope: that there is an element says it all.
  const deprived = input.sourceAt(1).find(isLocatedObject);
  const limited = input.codes().find('Limited');
  if (deprived === undefined || limited?.kind !== 'mapped')
    return { code: notDelivered, since: notDelivered };
  return { code: filled(String(limited.entry.code), deprived), since: dayInMember(deprived, 'validFrom') };
}

/** WithoutLegalCapacity: J for limited legal authority, or for its forerunner. */
export const legalCapacity: Transform = (input) => limitIn(input).code;

/** Since when the capacity is limited. */
export const legalCapacityDay: Transform = (input) => {
  const { code, since } = limitIn(input);
  return code.kind === 'blank' ? code : since;
};
