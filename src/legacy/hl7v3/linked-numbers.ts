import type { NationalId } from '../../person/national-id.js';
import type { XmlElement } from '../../xml/element.js';
import { oneNumber, registrationIn } from './registration.js';
import type { AcknowledgementDetail } from './reply.js';
import { at, childrenOf } from './request.js';

/** More numbers than anybody has; a longer list is not about one person. */
const MAX_SUPERSEDED = 10;

/** The two sides of a link: the number that survives, and those it answers for. */
export interface LinkedNumbers {
  readonly survivor: NationalId;
  readonly superseded: readonly [NationalId, ...NationalId[]];
}

/**
 * The numbers in a request to link or unlink (preg-hl7v3 2.5): the survivor in the role's id, the superseded ones in
 * `identifiedBy/otherIdentifiedPerson/id`, each once and in order.
 * @throws MalformedRequest for a second element where one may stand
 */
export function linkedNumbersIn(
  message: XmlElement,
): LinkedNumbers | { readonly refused: readonly AcknowledgementDetail[] } {
  const registration = registrationIn(message);
  if ('refused' in registration) return registration;
  const { role } = registration;
  const survivor = oneNumber(childrenOf(role, 'id'), 'The number that survives');
  if ('refused' in survivor) return survivor;
  const numbers: NationalId[] = [];
  for (const link of childrenOf(role, 'identifiedBy')) {
    const ids = childrenOf(at(link, 'otherIdentifiedPerson'), 'id');
    const number = oneNumber(ids, SUPERSEDED);
    if ('refused' in number) return number;
    if (!numbers.includes(number.number)) numbers.push(number.number);
  }
  const [first, ...more] = numbers;
  if (first === undefined) return { refused: [{ code: 'SYN105', text: `${SUPERSEDED} is missing.` }] };
  if (numbers.length > MAX_SUPERSEDED) {
    return { refused: [{ code: 'SYN108', text: 'There are more numbers than one person has.' }] };
  }
  return { survivor: survivor.number, superseded: [first, ...more] };
}

const SUPERSEDED = 'The number that is superseded';
