/** How version 2 writes what version 3 writes otherwise (persontjenesten-api 2). */
import type { EventDocument } from '../events/event-feed.js';
import {
  isAlternateOnly,
  isJsonList,
  isJsonObject,
  objectAt,
  textAt,
  type JsonObject,
  type JsonValue,
  type PersonDocument,
} from '../population/person-document.js';

const LATER_OF_KRR: ReadonlySet<string> = new Set([
  'certificateExpireDate',
  'reservationTime',
  'reservationUpdated',
]);
const LATER_OF_CONTACT: ReadonlySet<string> = new Set([
  'emailDuplicated',
  'emailLastValidated',
  'phoneNumberDuplicated',
  'phoneNumberLastValidated',
]);
const LATER_OF_DIGITAL_POST: ReadonlySet<string> = new Set(['digitalPostVendorName']);

const ADDRESSES = ['residentialAddress', 'presentAddress', 'sharedResidence', 'postalAddress'];
/** A street name that ends in a house number, with or without a letter. */
const NUMBERED = /^(?<name>.*\S)\s+(?<houseNumber>[0-9]+)(?:\s*(?<houseLetter>\p{L}))?$/u;

/**
 * An answer about a person as version 2 gives it: without what the contact register came to tell later, and with house number and
 * letter in fields of their own.
 * @param whole the document that the answer was made from
 */
export function personInVersion2(answer: PersonDocument, whole: PersonDocument): PersonDocument {
  const krr = objectAt(answer, 'commonContactRegisterInformation');
  return {
    ...answer,
    ...(krr === undefined ? {} : { commonContactRegisterInformation: contactRegisterInVersion2(krr) }),
    ...(isAlternateOnly(whole) ? addressesWithNumbers(answer) : {}),
  };
}

/** An event as version 2 gives it: without a number. */
export function eventInVersion2({ sequenceNumber, personId, eventType }: EventDocument): EventDocument {
  return { sequenceNumber, personId, eventType };
}

function contactRegisterInVersion2(krr: JsonObject): JsonObject {
  const contact = objectAt(krr, 'contactInformation');
  const digitalPost = objectAt(krr, 'digitalPost');
  return {
    ...without(krr, LATER_OF_KRR),
    ...(contact === undefined ? {} : { contactInformation: without(contact, LATER_OF_CONTACT) }),
    ...(digitalPost === undefined ? {} : { digitalPost: without(digitalPost, LATER_OF_DIGITAL_POST) }),
  };
}

function without(object: JsonObject, members: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([member]) => !members.has(member)));
}

function addressesWithNumbers(answer: PersonDocument): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(
    ADDRESSES.flatMap((property) => {
      const addresses = answer[property];
      if (!isJsonList(addresses)) return [];
      return [[property, addresses.map((address) => (isJsonObject(address) ? numbered(address) : address))]];
    }),
  );
}

function numbered(address: JsonObject): JsonObject {
  const street = objectAt(address, 'streetAddress');
  const parts = NUMBERED.exec(textAt(street, 'addressName') ?? '')?.groups;
  if (parts === undefined || objectAt(street, 'addressNumber') !== undefined) return address;
  const { name = '', houseNumber = '', houseLetter } = parts;
  const addressNumber = { houseNumber, ...(houseLetter === undefined ? {} : { houseLetter }) };
  return { ...address, streetAddress: { ...street, addressName: name, addressNumber } };
}
