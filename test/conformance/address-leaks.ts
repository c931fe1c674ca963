import { isJsonList, isJsonObject, type JsonObject } from '../../src/mapping/json.js';
import type { XmlElement } from '../../src/xml/element.js';
import { addressStrings } from '../support/address-strings.js';
import { everyElement } from './answer-structure.js';

const LEVELLED = [
  'residentialAddress',
  'presentAddress',
  'sharedResidence',
  'postalAddress',
  'foreignPostalAddress',
  'preferredContactAddress',
] as const;

/** Whether a current element of the document protects the person's address. Anything but "Unclassified" does (Safety S1). */
export function isProtectedNow(document: JsonObject): boolean {
  const protections = currentElements(document, 'addressProtection').map(
    (one) => one['protectionLevel'] ?? '',
  );
  const levels = LEVELLED.flatMap((list) =>
    currentElements(document, list).flatMap((one) => one['addressConfidentiality'] ?? []),
  );
  return [...protections, ...levels].some((level) => level !== 'Unclassified');
}

function currentElements(document: JsonObject, list: string): readonly JsonObject[] {
  const value = document[list];
  return isJsonList(value) ? value.filter(isJsonObject).filter((one) => one['isValid'] !== false) : [];
}

/** Strings of the document's addresses that must not be in the answer, and are. */
export function leakedStrings(document: JsonObject, envelope: XmlElement): readonly string[] {
  return foundStrings(forbiddenStrings(document), envelope);
}

/** All of a protected person's addresses; of everybody else those that only former addresses hold. */
function forbiddenStrings(document: JsonObject): readonly string[] {
  if (isProtectedNow(document)) return [...addressStrings(document, 'any')];
  const current = addressStrings(document, 'current');
  return [...addressStrings(document, 'former')].filter(
    (text) => ![...current].some((open) => open.includes(text)),
  );
}

/** Which of the strings stand in the answer: anywhere when they are long, else as a text or a word of their own. */
export function foundStrings(strings: readonly string[], envelope: XmlElement): readonly string[] {
  const texts = Array.from(everyElement(envelope), ([, { text }]) => text.toUpperCase());
  const words = new Set(texts.flatMap((text) => [text, ...text.split(/[\s,/]+/u)]));
  const values = Array.from(everyElement(envelope), ([, { attributes }]) => [...attributes.values()]).flat();
  const everything = [...texts, ...values.map((value) => value.toUpperCase())].join('\n');
  return strings.filter((text) =>
    /\p{L}.*\p{L}.*\p{L}.*\p{L}/u.test(text) ? everything.includes(text) : words.has(text),
  );
}
