import { isJsonList, isJsonObject, type JsonObject } from '../../src/mapping/json.js';

/** The parts of a document that hold addresses with a level of their own. */
export const addressLists = [
  'residentialAddress',
  'presentAddress',
  'sharedResidence',
  'postalAddress',
  'foreignPostalAddress',
  'preferredContactAddress',
];

/** The elements of a part, one of them where it is no list. */
export function elementsIn(document: JsonObject, list: string): readonly JsonObject[] {
  const value = document[list];
  return (isJsonList(value) ? value : [value]).filter(isJsonObject);
}

/** Whether any level anywhere is something else than open, read without the code under test. */
export function isProtectedSomewhere(document: JsonObject): boolean {
  const ofAddresses = addressLists
    .flatMap((list) => elementsIn(document, list))
    .map((address) => address['addressConfidentiality'] ?? 'Unclassified');
  const ofPerson = elementsIn(document, 'addressProtection')
    .filter((protection) => protection['isValid'] !== false)
    .map((protection) => protection['protectionLevel'] ?? null);
  return [...ofAddresses, ...ofPerson].some((level) => level !== 'Unclassified');
}

/** The document with every level open: few documents at random have none that protects. */
export function withoutProtection(document: JsonObject): JsonObject {
  const open = (value: JsonObject): JsonObject => ({ ...value, addressConfidentiality: 'Unclassified' });
  const lists = addressLists.filter((list) => elementsIn(document, list).length > 0);
  return {
    ...document,
    addressProtection: null,
    ...Object.fromEntries(lists.map((list) => [list, elementsIn(document, list).map(open)])),
  };
}
