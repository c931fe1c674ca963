/** The mailing address: from upstream's five forms to lines, and from lines to PREG's three of thirty characters. */
import type { MailingAddress } from '../person/preg-person.js';
import type { Countries } from './countries.js';
import type { ElementIndex } from './element-index.js';
import type { Located } from './elements.js';
import { isJsonList, memberOf, objectIn, textIn, textOf, type JsonObject } from './json.js';
import { upperCaseOf } from './transforms/plain.js';

/** What a form of address comes to, before it is known whether the person lives there. */
type Composed = Omit<MailingAddress, 'isForeignStay'>;
type Compose = (address: JsonObject, countries: Countries) => Composed;

const forms: readonly (readonly [member: string, compose: Compose])[] = [
  ['postBoxAddress', postBox],
  ['streetAddress', street],
  ['freeFormPostalAddress', freeForm],
  ['foreignAddress', foreign],
  ['freeFormForeignAddress', freeFormForeign],
];

/**
 * The element that mail goes by: the postal address, else the foreign one, else a stay abroad (persontjenesten-api 13.5).
 * One that holds nothing does not stand in the way of the next.
 */
export function mailingElement(
  elements: ElementIndex,
  countries: Countries,
): Located<JsonObject> | undefined {
  return [
    ...elements.current('postalAddress'),
    ...elements.current('foreignPostalAddress'),
    ...elements.current('presentAddress').filter(({ value }) => objectIn(value, 'foreignAddress')),
  ].find((element) => mailingAddressIn(element, countries) !== null);
}

/** The mailing address in an element, in upper case; null when it holds nothing. */
export function mailingAddressIn(element: Located<JsonObject>, countries: Countries): MailingAddress | null {
  for (const [member, compose] of forms) {
    const address = objectIn(element.value, member);
    if (address === undefined) continue;
    const composed = compose(address, countries);
    if (isBlank(composed)) continue;
    return { ...composed, isForeignStay: element.path.startsWith('presentAddress') };
  }
  return null;
}

function isBlank({ lines, postalCode, postalPlace, countryCode }: Composed): boolean {
  return lines.length === 0 && [postalCode, postalPlace, countryCode].every((part) => part === null);
}

function upper(object: JsonObject, name: string): string | undefined {
  const value = textIn(object, name);
  return value === undefined ? undefined : upperCaseOf(value);
}

function given(...lines: readonly (string | undefined)[]): readonly string[] {
  return lines.filter((line): line is string => line !== undefined && line !== '');
}

function joined(separator: string, ...parts: readonly (string | undefined)[]): string {
  return given(...parts).join(separator);
}

function norwegianPlace(address: JsonObject): Omit<Composed, 'lines'> {
  const city = objectIn(address, 'city') ?? {};
  return {
    postalCode: textIn(city, 'postalCode') ?? null,
    postalPlace: upper(city, 'cityName') ?? null,
    countryCode: null,
  };
}

function postBox(address: JsonObject): Composed {
  const box = upper(address, 'postBoxIdentification');
  const named = box === undefined || /^(POSTBOKS|BOKS|PB)\b/.test(box) ? box : `POSTBOKS ${box}`;
  return { lines: given(upper(address, 'postBoxOwner'), named), ...norwegianPlace(address) };
}

function street(address: JsonObject): Composed {
  const number = objectIn(address, 'streetAddressNumber') ?? {};
  const house = joined('', upper(number, 'houseNumber'), upper(number, 'houseLetter'));
  const line = joined(' ', upper(address, 'addressName'), house);
  return {
    lines: given(careOf(address), upper(address, 'addressAdditionalName'), line),
    ...norwegianPlace(address),
  };
}

function careOf(address: JsonObject): string | undefined {
  const name = upper(address, 'coAddressName');
  return name === undefined || /^(C\/O|V\/|ATTN?[.: ])/.test(name) ? name : `C/O ${name}`;
}

function freeForm(address: JsonObject): Composed {
  return { lines: linesOf(address), ...norwegianPlace(address) };
}

function linesOf(address: JsonObject): readonly string[] {
  // The second name is the deprecated twin of the first.
  const lists = ['addressLine', 'adresselinje'].map((name) => memberOf(address, name)).filter(isJsonList);
  const texts = lists.map((list) => given(...list.map(textOf)).map(upperCaseOf));
  return texts.find((lines) => lines.length > 0) ?? [];
}

function foreign(address: JsonObject, countries: Countries): Composed {
  const house = ['building', 'floorNumber', 'housingUnit'].map((name) => upper(address, name));
  const area = ['districtName', 'region'].map((name) => upper(address, name));
  return {
    lines: given(
      careOf(address),
      upper(address, 'addressName'),
      joined(', ', ...house),
      upper(address, 'postBox'),
      joined(', ', ...area),
    ),
    ...foreignPlace(address, countries),
  };
}

function freeFormForeign(address: JsonObject, countries: Countries): Composed {
  return { lines: linesOf(address), ...foreignPlace(address, countries) };
}

function foreignPlace(address: JsonObject, countries: Countries): Omit<Composed, 'lines'> {
  return {
    postalCode: upper(address, 'postCode') ?? null,
    postalPlace: upper(address, 'cityOrPlaceName') ?? null,
    countryCode: countries.byAlpha2(textIn(address, 'countryCode') ?? '')?.alpha3 ?? null,
  };
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
  const wrapped = wrap(mailing.lines, room);
  const all = [...fitting(wrapped, room, mailing.countryCode === null), ...given(place)];
  const lines = all.map((line) => Array.from(line).slice(0, ADDRESS_LINE_LENGTH).join('').trimEnd());
  return { lines, cut: wrapped.length > room || all.some(isTooLong) };
}

/** The lines there is room for. In Norway the last one is the street or the box, without which no letter arrives. */
function fitting(lines: readonly string[], room: number, norwegian: boolean): readonly string[] {
  if (lines.length <= room || !norwegian) return lines.slice(0, room);
  return [...lines.slice(0, room - 1), ...lines.slice(-1)];
}

function isTooLong(line: string): boolean {
  return Array.from(line).length > ADDRESS_LINE_LENGTH;
}

/** Breaks lines that are too long at a blank, as long as there is room for more lines. */
function wrap(lines: readonly string[], room: number): readonly string[] {
  if (lines.length >= room) return lines;
  const index = lines.findIndex((line) => isTooLong(line) && breakIn(line) > 0);
  const line = lines[index];
  if (line === undefined) return lines;
  const [head, tail] = [line.slice(0, breakIn(line)), line.slice(breakIn(line) + 1)];
  return wrap([...lines.slice(0, index), head, tail, ...lines.slice(index + 1)], room);
}

function breakIn(line: string): number {
  return line.lastIndexOf(' ', ADDRESS_LINE_LENGTH);
}
