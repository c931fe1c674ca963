/** The mailing address: from upstream's five forms to lines, and from lines to PREG's three of thirty characters. */
import type { MailingAddress } from '../person/preg-person.js';
import type { Countries } from './countries.js';
import { currentElements, type Located } from './elements.js';
import { isJsonList, isJsonObject, memberOf, textOf, type JsonObject } from './json.js';
import { upperCaseOf } from './transforms/plain.js';

/** The element that mail goes by: the postal address, else the foreign one, else a stay abroad (persontjenesten-api 13.5). */
export function mailingElement(document: JsonObject): Located<JsonObject> | undefined {
  const present = currentElements(document, 'presentAddress').filter(({ value }) =>
    isJsonObject(memberOf(value, 'foreignAddress')),
  );
  return [
    ...currentElements(document, 'postalAddress'),
    ...currentElements(document, 'foreignPostalAddress'),
    ...present,
  ].find(({ value }) => forms.some(([form]) => isJsonObject(memberOf(value, form))));
}

type Compose = (address: JsonObject, countries: Countries) => Omit<MailingAddress, 'isForeignStay'>;

const forms: readonly (readonly [member: string, compose: Compose])[] = [
  ['postBoxAddress', postBox],
  ['streetAddress', street],
  ['freeFormPostalAddress', freeForm],
  ['foreignAddress', foreign],
  ['freeFormForeignAddress', freeFormForeign],
];

/** The mailing address in an element, in upper case; null when it holds nothing. */
export function mailingAddressIn(element: Located<JsonObject>, countries: Countries): MailingAddress | null {
  for (const [member, compose] of forms) {
    const address = memberOf(element.value, member);
    if (!isJsonObject(address)) continue;
    const parts = compose(address, countries);
    if (parts.lines.length === 0 && parts.postalCode === null && parts.postalPlace === null) continue;
    return { ...parts, isForeignStay: element.path.startsWith('presentAddress') };
  }
  return null;
}

function upper(object: JsonObject, name: string): string | undefined {
  const value = textOf(memberOf(object, name));
  return value === undefined ? undefined : upperCaseOf(value);
}

function given(...lines: readonly (string | undefined)[]): readonly string[] {
  return lines.filter((line): line is string => line !== undefined && line !== '');
}

function joined(separator: string, ...parts: readonly (string | undefined)[]): string {
  return given(...parts).join(separator);
}

function norwegianPlace(address: JsonObject): {
  postalCode: string | null;
  postalPlace: string | null;
  countryCode: null;
} {
  const city = memberOf(address, 'city');
  return {
    postalCode: (isJsonObject(city) ? textOf(memberOf(city, 'postalCode')) : undefined) ?? null,
    postalPlace: (isJsonObject(city) ? upper(city, 'cityName') : undefined) ?? null,
    countryCode: null,
  };
}

function postBox(address: JsonObject): ReturnType<Compose> {
  const box = upper(address, 'postBoxIdentification');
  const named = box === undefined || box.startsWith('POSTBOKS') ? box : `POSTBOKS ${box}`;
  return { lines: given(upper(address, 'postBoxOwner'), named), ...norwegianPlace(address) };
}

function street(address: JsonObject): ReturnType<Compose> {
  const number = memberOf(address, 'streetAddressNumber');
  const house = isJsonObject(number)
    ? joined('', upper(number, 'houseNumber'), upper(number, 'houseLetter'))
    : '';
  const line = joined(' ', upper(address, 'addressName'), house);
  return {
    lines: given(careOf(address), upper(address, 'addressAdditionalName'), line),
    ...norwegianPlace(address),
  };
}

function careOf(address: JsonObject): string | undefined {
  const name = upper(address, 'coAddressName');
  return name === undefined || /^(C\/O|V\/|ATT)/.test(name) ? name : `C/O ${name}`;
}

function linesOf(address: JsonObject): readonly string[] {
  for (const member of ['addressLine', 'adresselinje']) {
    const list = memberOf(address, member);
    const lines = isJsonList(list) ? list.flatMap((line) => given(upperText(line))) : [];
    if (lines.length > 0) return lines;
  }
  return [];
}

function upperText(value: Parameters<typeof textOf>[0]): string | undefined {
  const found = textOf(value);
  return found === undefined ? undefined : upperCaseOf(found);
}

function freeForm(address: JsonObject): ReturnType<Compose> {
  return { lines: linesOf(address), ...norwegianPlace(address) };
}

function foreignPlace(address: JsonObject, countries: Countries): Omit<ReturnType<Compose>, 'lines'> {
  const country = countries.byAlpha2(textOf(memberOf(address, 'countryCode')) ?? '');
  return {
    postalCode: upper(address, 'postCode') ?? null,
    postalPlace: upper(address, 'cityOrPlaceName') ?? null,
    countryCode: country?.alpha3 ?? null,
  };
}

function foreign(address: JsonObject, countries: Countries): ReturnType<Compose> {
  const house = joined(
    ', ',
    upper(address, 'building'),
    upper(address, 'floorNumber'),
    upper(address, 'housingUnit'),
  );
  const area = joined(', ', upper(address, 'districtName'), upper(address, 'region'));
  return {
    lines: given(careOf(address), upper(address, 'addressName'), house, upper(address, 'postBox'), area),
    ...foreignPlace(address, countries),
  };
}

function freeFormForeign(address: JsonObject, countries: Countries): ReturnType<Compose> {
  return { lines: linesOf(address), ...foreignPlace(address, countries) };
}

/** PREG's address lines: how many, and how long each may be (preg-xml-filematch-hl7v2 1.6). */
export const ADDRESS_LINES = 3;
export const ADDRESS_LINE_LENGTH = 30;

/** At most three lines of thirty characters, the place last, and whether something had to be cut to get there. */
export function addressLinesOf(mailing: MailingAddress): {
  readonly lines: readonly string[];
  readonly cut: boolean;
} {
  const place = joined(' ', mailing.postalCode ?? undefined, mailing.postalPlace ?? undefined);
  const room = place === '' ? ADDRESS_LINES : ADDRESS_LINES - 1;
  const wrapped = mailing.lines.length < room ? wrap(mailing.lines, room) : mailing.lines;
  const all = [...wrapped.slice(0, room), ...given(place)];
  const lines = all.map((line) => Array.from(line).slice(0, ADDRESS_LINE_LENGTH).join('').trimEnd());
  return { lines, cut: wrapped.length > room || all.some(isTooLong) };
}

function isTooLong(line: string): boolean {
  return Array.from(line).length > ADDRESS_LINE_LENGTH;
}

/** Breaks lines that are too long at a blank, as long as there is room for more lines. */
function wrap(lines: readonly string[], room: number): readonly string[] {
  const wrapped: string[] = [];
  for (const [index, line] of lines.entries()) {
    const spare = room - wrapped.length - (lines.length - index);
    const end = line.lastIndexOf(' ', ADDRESS_LINE_LENGTH);
    if (isTooLong(line) && spare > 0 && end > 0) {
      wrapped.push(line.slice(0, end), line.slice(end + 1));
    } else {
      wrapped.push(line);
    }
  }
  return wrapped;
}
