import type { ElementIndex } from './element-index.js';
import type { Located } from './elements.js';
import { objectIn, type JsonObject } from './json.js';

/** The address that PREG's street fields tell of. */
export interface Residence {
  readonly source: 'residential' | 'present';
  readonly element: Located<JsonObject>;
}

const placeMembers = ['streetAddress', 'cadastralAddress', 'unknownResidence'];

/** Whether an address tells a place in Norway, if only that it is unknown. */
export function isPlace({ value }: Located<JsonObject>): boolean {
  return placeMembers.some((member) => objectIn(value, member) !== undefined);
}

/** The residential address, else the present one, as for D-number persons (persontjenesten-api 13.5). */
export function residenceIn(elements: ElementIndex): Residence | undefined {
  const residential = elements.current('residentialAddress').find(isPlace);
  if (residential !== undefined) return { source: 'residential', element: residential };
  const present = elements.current('presentAddress').find(isPlace);
  return present === undefined ? undefined : { source: 'present', element: present };
}
