import type { Country } from '../countries.js';
import { isLocatedObject, memberAt, type Located } from '../elements.js';
import type { JsonObject } from '../json.js';
import {
  countryOf,
  dayInMember,
  filled,
  notDelivered,
  type Outcome,
  type Transform,
  type TransformInput,
} from '../transform.js';
import { upperCaseOf } from './plain.js';

interface Citizenship {
  readonly country: Country;
  readonly element: Located<JsonObject>;
}

/** All citizenships that the table knows, the Norwegian first, then the newest (persontjenesten-api 13.1). */
function citizenshipsOf(input: TransformInput): readonly Citizenship[] {
  const known = input
    .sourceAt(0)
    .filter(isLocatedObject)
    .flatMap((element) => {
      const country = countryOf(input, memberAt(element, 'countryCode'), 'byAlpha3');
      return country === undefined ? [] : [{ country, element }];
    });
  return known.toSorted((a, b) => Number(isNorwegian(b)) - Number(isNorwegian(a)));
}

function isNorwegian({ country }: Citizenship): boolean {
  return country.alpha3 === 'NOR';
}

function ofFirst(input: TransformInput, value: (first: Citizenship) => Outcome): Outcome {
  const [first] = citizenshipsOf(input);
  return first === undefined ? notDelivered : value(first);
}

/** Citizenship: the country's Norwegian name in upper case. */
export const citizenshipName: Transform = (input) =>
  ofFirst(input, ({ country, element }) =>
    filled(upperCaseOf(country.name), memberAt(element, 'countryCode')),
  );

/** CitizenshipCode: three digits. */
export const citizenshipCode: Transform = (input) =>
  ofFirst(input, ({ country, element }) => filled(country.citizenshipCode, memberAt(element, 'countryCode')));

/** DateCitizenship: when it was acquired, else since when it holds. */
export const citizenshipDay: Transform = (input) =>
  ofFirst(input, ({ element }) => dayInMember(element, 'aquiredDate', 'validFrom'));

/** Every citizenship, ISO 3166-1 alpha-3. */
export const citizenshipCountries: Transform = (input) => {
  const all = citizenshipsOf(input);
  if (all.length === 0) return notDelivered;
  const countries = new Set(all.map(({ country }) => country.alpha3));
  return filled([...countries], ...all.map(({ element }) => memberAt(element, 'countryCode')));
};
