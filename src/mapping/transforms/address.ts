import { isJsonObject, memberOf, textOf, type JsonObject } from '../json.js';
import { addressLinesOf, mailingAddressIn } from '../mailing-address.js';
import { dayOf } from '../../person/calendar-date.js';
import type { Located } from '../elements.js';
import {
  codeOf,
  filled,
  firstOf,
  notDelivered,
  sourceAt,
  textAt,
  type Outcome,
  type Transform,
  type TransformInput,
} from '../transform.js';
import { numbersIn } from './identity.js';
import { upperCaseOf } from './plain.js';

/** PREG's address codes that protection does not decide (code list 4.2). */
const ORDINARY = 0;
const SVALBARD = 3;
const NO_FIXED_ABODE = 5;

/** The municipality number that PREG knew Svalbard by. */
const SVALBARD_MUNICIPALITY = '2100';

interface DecidedType {
  readonly code: number;
  readonly located: Located;
  /** The list element that decided, for its date. */
  readonly element: JsonObject;
}

/** Which situation gives the address code, in the order of persontjenesten-api 13.4 after protection. */
function decideType(input: TransformInput): DecidedType | undefined {
  const [residence] = sourceAt(input, 0);
  if (residence === undefined || !isJsonObject(residence.value)) return stayType(input);
  if (isJsonObject(memberOf(residence.value, 'unknownResidence')) && !hasStreet(residence.value)) {
    return { code: NO_FIXED_ABODE, located: at(residence, 'unknownResidence'), element: residence.value };
  }
  const ordinary: DecidedType = { code: ORDINARY, located: residence, element: residence.value };
  if (municipalityOf(residence.value) === SVALBARD_MUNICIPALITY) return { ...ordinary, code: SVALBARD };
  return stayType(input) ?? ordinary;
}

function at(parent: Located, member: string): Located {
  const value = isJsonObject(parent.value) ? memberOf(parent.value, member) : undefined;
  return { path: `${parent.path}.${member}`, value: value ?? null };
}

function hasStreet(residence: JsonObject): boolean {
  return (
    isJsonObject(memberOf(residence, 'streetAddress')) ||
    isJsonObject(memberOf(residence, 'cadastralAddress'))
  );
}

function municipalityOf(residence: JsonObject): string | undefined {
  const street = memberOf(residence, 'streetAddress');
  const cadastral = memberOf(residence, 'cadastralAddress');
  const place = isJsonObject(cadastral) ? memberOf(cadastral, 'cadastralNumber') : street;
  return isJsonObject(place) ? textOf(memberOf(place, 'municipalityNumber')) : undefined;
}

/** The kinds of stay, Svalbard before the others. */
const stayOrder = [SVALBARD, 2, 1, 8];

function stayType(input: TransformInput): DecidedType | undefined {
  const stays = [...svalbardStays(input), ...staysElsewhere(input)];
  return stays.toSorted((a, b) => stayOrder.indexOf(a.code) - stayOrder.indexOf(b.code))[0];
}

function svalbardStays(input: TransformInput): readonly DecidedType[] {
  return sourceAt(input, 2).flatMap((located) => {
    if (!isJsonObject(located.value)) return [];
    const end = dayOf(textOf(memberOf(located.value, 'endDate')) ?? '');
    return end !== undefined && end < input.today
      ? []
      : [{ code: SVALBARD, located, element: located.value }];
  });
}

function staysElsewhere(input: TransformInput): readonly DecidedType[] {
  return sourceAt(input, 1).flatMap((present) => {
    if (!isJsonObject(present.value)) return [];
    const member = textOf(memberOf(present.value, 'stayElsewhere'));
    const answer = member === undefined ? undefined : codeOf(input, member);
    if (answer?.kind !== 'mapped') return [];
    return [
      { code: Number(answer.entry.code), located: at(present, 'stayElsewhere'), element: present.value },
    ];
  });
}

/** PostalType of an address that nothing protects. */
export const postalType: Transform = (input) => {
  const decided = decideType(input);
  if (decided !== undefined) return filled(decided.code, decided.located);
  // Nothing but a mailing address: an ordinary one.
  return filled(ORDINARY);
};

/** DatePostalType: since when the element that decided holds. */
export const postalTypeDay: Transform = (input) => {
  const decided = decideType(input);
  const day = dayOf(textOf(decided && memberOf(decided.element, 'validFrom')) ?? '');
  return decided === undefined || day === undefined ? notDelivered : filled(day, decided.located);
};

/** CurrentAddress: whether the address holds today. */
export const currentAddress: Transform = (input) => {
  const [isValid] = [...sourceAt(input, 0), ...sourceAt(input, 1)];
  return isValid === undefined ? filled(true) : filled(isValid.value !== false, isValid);
};

/** The Norwegian one of a municipality's official names, in upper case. */
export const norwegianPlaceName: Transform = (input) =>
  firstOf(input, ({ value }) => {
    const name = textOf(value);
    if (name === undefined) return undefined;
    const first = name.split(/ [-–] /)[0]?.trim() ?? name;
    const answer = input.codes().find(first);
    return answer?.kind === 'mapped' && first !== name ? String(answer.entry.code) : upperCaseOf(first);
  });

/** House number and letter at the end of a street name, as help-number persons' addresses have them. */
const HOUSE = /^(?<street>.*\S)\s+(?<number>[0-9]{1,6})\s?(?<letter>\p{L})?$/u;

function houseInName(input: TransformInput): RegExpExecArray['groups'] | undefined {
  const current = numbersIn(input.document)[0];
  if (current?.type !== 'AlternateIdentificationNumber') return undefined;
  const name = textOf(sourceAt(input, input.sources.length - 1)[0]?.value);
  return HOUSE.exec(name ?? '')?.groups;
}

/** Street name; without the house number that help-number persons have in it. */
export const streetName: Transform = (input) => {
  const [street] = sourceAt(input, 0);
  const name = textOf(street?.value);
  if (street === undefined || name === undefined) {
    return firstOf(input, ({ value }) => {
      const farm = textOf(value);
      return farm === undefined ? undefined : upperCaseOf(farm);
    });
  }
  const help = numbersIn(input.document)[0]?.type === 'AlternateIdentificationNumber';
  const bare = help ? HOUSE.exec(name)?.groups?.['street'] : undefined;
  return filled(upperCaseOf(bare ?? name), street);
};

/** House number; blank when it is not digits alone. */
export const houseNumber: Transform = (input) => {
  const own = textAt(input, 0);
  if (own !== undefined) {
    return /^[0-9]{1,6}$/.test(own.text)
      ? filled(Number(own.text), own.located)
      : { kind: 'blank', reason: 'not a whole number' };
  }
  const digits = houseInName(input)?.['number'];
  const [name] = sourceAt(input, 1);
  return digits === undefined || name === undefined ? notDelivered : filled(Number(digits), name);
};

/** House letter, upper case. */
export const houseLetter: Transform = (input) => {
  const own = textAt(input, 0);
  if (own !== undefined) return filled(upperCaseOf(own.text), own.located);
  const letter = houseInName(input)?.['letter'];
  const [name] = sourceAt(input, 1);
  return letter === undefined || name === undefined ? notDelivered : filled(upperCaseOf(letter), name);
};

/** Street, number and letter in one line; the farm name for cadastral addresses. */
export const streetLine: Transform = (input) => {
  const [street] = sourceAt(input, 0);
  if (street !== undefined && isJsonObject(street.value)) {
    const number = memberOf(street.value, 'addressNumber');
    const house = isJsonObject(number)
      ? (textOf(memberOf(number, 'houseNumber')) ?? '') + (textOf(memberOf(number, 'houseLetter')) ?? '')
      : '';
    return lineOf([textOf(memberOf(street.value, 'addressName')) ?? '', house], street);
  }
  const [cadastral] = sourceAt(input, 1);
  if (cadastral === undefined || !isJsonObject(cadastral.value)) return notDelivered;
  return lineOf([textOf(memberOf(cadastral.value, 'addressAdditionalName')) ?? ''], cadastral);
};

function lineOf(parts: readonly string[], located: Located): Outcome {
  const line = upperCaseOf(parts.join(' ').trim());
  return line === '' ? notDelivered : filled(line, located);
}

/** NOR wherever the residence is a street or a farm: those are Norwegian by kind. */
export const norway: Transform = (input) => {
  const [place] = [...sourceAt(input, 0), ...sourceAt(input, 1)];
  return place === undefined ? notDelivered : filled('NOR', place);
};

/** Country: Norwegian name in upper case; of the mailing address where there is one, else of the residence. */
export const countryName: Transform = (input) => {
  const [mailing, ...places] = [...sourceAt(input, 0), ...sourceAt(input, 1), ...sourceAt(input, 2)];
  const source = mailing ?? places[0];
  if (source === undefined || !isJsonObject(source.value)) return notDelivered;
  const foreign = ['foreignAddress', 'freeFormForeignAddress'].map((form) =>
    isJsonObject(source.value) ? memberOf(source.value, form) : undefined,
  );
  const abroad = foreign.find(isJsonObject);
  if (abroad === undefined) return norwegianName(input, source);
  const code = textOf(memberOf(abroad, 'countryCode'));
  const country = code === undefined ? undefined : input.countries.byAlpha2(code);
  if (country !== undefined) return filled(upperCaseOf(country.name), source);
  if (code !== undefined) input.unmapped(code);
  return { kind: 'blank', reason: 'unknown country' };
};

function norwegianName(input: TransformInput, source: Located): Outcome {
  const norway = input.countries.byAlpha3('NOR');
  return norway === undefined ? notDelivered : filled(upperCaseOf(norway.name), source);
}

function addressLine(index: number): Transform {
  return (input) => {
    const [mailing] = sourceAt(input, 0);
    if (mailing === undefined || !isJsonObject(mailing.value)) return notDelivered;
    const address = mailingAddressIn({ path: mailing.path, value: mailing.value }, input.countries);
    if (address === null) return notDelivered;
    const { lines, cut } = addressLinesOf(address);
    // Told once for the three lines.
    if (cut && index === 0) input.cut();
    const line = lines[index];
    return line === undefined ? { kind: 'blank', reason: 'fewer lines' } : filled(line, mailing);
  };
}

/** The mailing address in three lines of at most thirty characters. */
export const addressLine1: Transform = addressLine(0);
export const addressLine2: Transform = addressLine(1);
export const addressLine3: Transform = addressLine(2);
