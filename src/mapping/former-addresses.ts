import { dayOf } from '../person/calendar-date.js';
import type { Countries } from './countries.js';
import { documentOn } from './document-on-day.js';
import { newestFirst, type Located } from './elements.js';
import { objectIn, textIn, type JsonObject } from './json.js';
import { mailingAddressIn, mailingElement } from './mailing-address.js';
import { ReadDocument } from './read-document.js';
import { isPlace, residenceIn, type Residence } from './residence.js';

/** An address that no longer holds: a home, or an address for mail. */
export interface FormerAddress {
  readonly residence: Residence | undefined;
  readonly mailing: Located<JsonObject> | undefined;
  /** The document as it was when the address began to hold. */
  readonly document: ReadDocument;
}

const LISTS = ['residentialAddress', 'presentAddress', 'postalAddress', 'foreignPostalAddress'];

/**
 * The former addresses in a document with history, newest first: every home, and every address for mail. One that came
 * after another in its day, such as a stay besides a home, is left out as it is for today (persontjenesten-api 13.5).
 */
export function formerAddresses(
  document: ReadDocument,
  countries: Countries,
  timeless: ReadonlySet<string>,
): readonly FormerAddress[] {
  return newestFirst(LISTS.flatMap((list) => document.elements.former(list))).flatMap((element) => {
    const begin = dayOf(textIn(element.value, 'validFrom') ?? '');
    const then =
      begin === undefined ? document : new ReadDocument(documentOn(document.content, begin, timeless));
    const residence = residenceOf(element, then);
    const mailing = isMailing(element, then, countries) ? element : undefined;
    return residence === undefined && mailing === undefined ? [] : [{ residence, mailing, document: then }];
  });
}

function residenceOf(element: Located<JsonObject>, then: ReadDocument): Residence | undefined {
  if (!isPlace(element)) return undefined;
  if (element.path.startsWith('residentialAddress')) return { source: 'residential', element };
  const isStay = element.path.startsWith('presentAddress');
  return isStay && residenceIn(then.elements)?.source !== 'residential'
    ? { source: 'present', element }
    : undefined;
}

/** The lists that mail goes by, most trusted first. */
const mailingLists = ['postalAddress', 'foreignPostalAddress', 'presentAddress'];

function isMailing(element: Located<JsonObject>, then: ReadDocument, countries: Countries): boolean {
  const rank = mailingLists.findIndex((list) => element.path.startsWith(list));
  if (rank === -1 || mailingAddressIn(element, countries) === null) return false;
  if (rank === 2 && objectIn(element.value, 'foreignAddress') === undefined) return false;
  const used = mailingElement(then.elements, countries);
  return mailingLists.findIndex((list) => used?.path.startsWith(list)) >= rank || used === undefined;
}
