import { dayOf } from '../../person/calendar-date.js';
import type { Country } from '../countries.js';
import type { Located } from '../elements.js';
import { isJsonObject, memberOf, textOf, type JsonObject } from '../json.js';
import {
  filled,
  notDelivered,
  sourceAt,
  type Outcome,
  type Transform,
  type TransformInput,
} from '../transform.js';
import { upperCaseOf } from './plain.js';

interface Citizenship {
  readonly country: Country;
  readonly located: Located<JsonObject>;
}

/** All citizenships that the table knows, the Norwegian first, then the newest (persontjenesten-api 13.1). */
function citizenshipsOf(input: TransformInput): readonly Citizenship[] {
  const known = sourceAt(input, 0).flatMap(({ path, value }) => {
    if (!isJsonObject(value)) return [];
    const code = textOf(memberOf(value, 'countryCode'));
    if (code === undefined) return [];
    const country = input.countries.byAlpha3(code);
    if (country === undefined) {
      input.unmapped(code);
      return [];
    }
    return [{ country, located: { path, value } }];
  });
  const norwegian = known.filter(({ country }) => country.alpha3 === 'NOR');
  return [...norwegian, ...known.filter(({ country }) => country.alpha3 !== 'NOR')];
}

function ofFirst(input: TransformInput, value: (first: Citizenship) => Outcome): Outcome {
  const [first] = citizenshipsOf(input);
  return first === undefined ? notDelivered : value(first);
}

function at({ path, value }: Located<JsonObject>, member: string): Located {
  return { path: `${path}.${member}`, value: memberOf(value, member) ?? null };
}

/** Citizenship: the country's Norwegian name in upper case. */
export const citizenshipName: Transform = (input) =>
  ofFirst(input, ({ country, located }) => filled(upperCaseOf(country.name), at(located, 'countryCode')));

/** CitizenshipCode: three digits. */
export const citizenshipCode: Transform = (input) =>
  ofFirst(input, ({ country, located }) => filled(country.citizenshipCode, at(located, 'countryCode')));

/** DateCitizenship: when it was acquired, else since when it holds. */
export const citizenshipDay: Transform = (input) =>
  ofFirst(input, ({ located }) => {
    for (const member of ['aquiredDate', 'validFrom']) {
      const day = dayOf(textOf(memberOf(located.value, member)) ?? '');
      if (day !== undefined) return filled(day, at(located, member));
    }
    return notDelivered;
  });

/** Every citizenship, ISO 3166-1 alpha-3. */
export const citizenshipCountries: Transform = (input) => {
  const all = citizenshipsOf(input);
  return all.length === 0
    ? notDelivered
    : filled(
        [...new Set(all.map(({ country }) => country.alpha3))],
        ...all.map(({ located }) => at(located, 'countryCode')),
      );
};
