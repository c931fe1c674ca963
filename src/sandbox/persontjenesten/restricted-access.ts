import { elementsOf, isCurrent, type JsonObject, type JsonValue } from '../population/person-document.js';

/**
 * What restricted-access leaves out (persontjenesten-api 4, 8, 10 and 11). The contract says "everything except confidential
 * addresses and KRR"; how the answer looks is open, so these are our choices:
 * - a classified address stays in its list with its dates and its level, and without everything that tells where it is;
 *   client addresses count as classified, and so does every level that we do not know;
 * - the protection levels stay visible: they are not addresses, and without them a consumer could not tell a hidden
 *   address from a missing one;
 * - four statuses are shown as `Active`;
 * - history is given for names and addresses only.
 */

/** Addresses that the protection of the person covers, besides the level of their own. */
const COVERED: ReadonlySet<string> = new Set(['residentialAddress', 'presentAddress', 'sharedResidence']);
const ADDRESSES: ReadonlySet<string> = new Set([
  ...COVERED,
  'postalAddress',
  'foreignPostalAddress',
  'preferredContactAddress',
]);
const SHOWN_AS_ACTIVE: ReadonlySet<string> = new Set([
  'Disappeared',
  'RegisteredAtBirth',
  'Temporary',
  'NotResident',
]);
const LEFT_OF_CLASSIFIED: ReadonlySet<string> = new Set([
  'registeredAt',
  'isValid',
  'source',
  'reason',
  'validFrom',
  'validTo',
  'addressConfidentiality',
]);

function isOpen(level: JsonValue | undefined): boolean {
  return level === 'Unclassified';
}

/** Tells for each address element of a document whether it is classified. Today's protection covers the past as well. */
export function classification(document: JsonObject): (property: string, element: JsonObject) => boolean {
  const isProtected = elementsOf(document, 'addressProtection')
    .filter(isCurrent)
    .some((protection) => !isOpen(protection['protectionLevel']));
  return (property, element) => {
    const level = element['addressConfidentiality'] ?? 'Unclassified';
    return !isOpen(level) || (isProtected && COVERED.has(property));
  };
}

/** Whether restricted-access never sees the property. */
export function isWithheld(property: string): boolean {
  return property === 'commonContactRegisterInformation';
}

/** Whether restricted-access sees the history of the property. */
export function hasPublicHistory(property: string): boolean {
  return property === 'name' || ADDRESSES.has(property);
}

/** The status that restricted-access sees. */
export function thinStatus(status: string): string {
  return SHOWN_AS_ACTIVE.has(status) ? 'Active' : status;
}

/** What restricted-access sees of an element. */
export function thin(
  property: string,
  element: JsonObject,
  isClassified: (property: string, element: JsonObject) => boolean,
): JsonObject {
  if (property === 'status') {
    const status = element['status'];
    return typeof status === 'string' ? { ...element, status: thinStatus(status) } : element;
  }
  if (!ADDRESSES.has(property) || !isClassified(property, element)) return element;
  return Object.fromEntries(Object.entries(element).filter(([member]) => LEFT_OF_CLASSIFIED.has(member)));
}
