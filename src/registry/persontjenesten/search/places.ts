import type { Countries } from '../../../mapping/countries.js';
import { currentElements, type Located } from '../../../mapping/elements.js';
import { objectIn, textIn, type JsonObject } from '../../../mapping/json.js';
import { mailingAddressIn } from '../../../mapping/mailing-address.js';
import { NORWAY, type SoughtAddress } from '../../search.js';
import { fitsPlace, type ToldPlace } from '../../told-person.js';

/**
 * Whether one and the same of a person's addresses fits every address criterion given: codes exactly, texts from their
 * beginning. Addresses are those that hold today and that upstream searches, and those abroad.
 */
export function livesThere(document: JsonObject, sought: SoughtAddress, countries: Countries): boolean {
  return placesIn(document, countries).some((place) => fitsPlace(place, sought));
}

const lists = [
  ['residentialAddress', ['residential', 'home']],
  ['presentAddress', ['present']],
  ['sharedResidence', []],
  ['foreignPostalAddress', []],
] as const satisfies readonly (readonly [string, ToldPlace['kinds']])[];

function placesIn(document: JsonObject, countries: Countries): readonly ToldPlace[] {
  return lists.flatMap(([list, kinds]) =>
    currentElements(document, list).flatMap((element): readonly ToldPlace[] => {
      const norwegian = norwegianPlace(element.value);
      if (norwegian !== undefined) return [{ kinds, ...norwegian }];
      const abroad = foreignPlace(element, countries);
      if (abroad === undefined) return [{ kinds, ...NOWHERE }];
      // Whoever stays abroad is told of with that as home.
      return [{ kinds: list === 'presentAddress' ? [...kinds, 'home'] : kinds, ...abroad }];
    }),
  );
}

function norwegianPlace(element: JsonObject): Omit<ToldPlace, 'kinds'> | undefined {
  const street = objectIn(element, 'streetAddress');
  const farm = objectIn(element, 'cadastralAddress');
  const form = street ?? farm ?? objectIn(element, 'unknownResidence');
  if (form === undefined) return undefined;
  const municipality = farm === undefined ? form : (objectIn(farm, 'cadastralNumber') ?? farm);
  const city = objectIn(form, 'city') ?? {};
  return {
    lines: street === undefined ? [] : [streetLine(street)],
    postalCode: textIn(city, 'postalCode') ?? null,
    postalPlace: textIn(city, 'cityName') ?? null,
    municipality: textIn(municipality, 'municipalityNumber') ?? null,
    municipalityName: textIn(municipality, 'municipalityName') ?? null,
    country: NORWAY,
  };
}

function streetLine(street: JsonObject): string {
  const house = objectIn(street, 'addressNumber') ?? {};
  const parts = [textIn(street, 'addressName'), textIn(house, 'houseNumber'), textIn(house, 'houseLetter')];
  return parts.join('');
}

/** An address abroad by what it is told with. */
function foreignPlace(
  element: Located<JsonObject>,
  countries: Countries,
): Omit<ToldPlace, 'kinds'> | undefined {
  const mailing = mailingAddressIn(element, countries);
  if (mailing === null) return undefined;
  const { lines, postalCode, postalPlace, countryCode } = mailing;
  return { ...NOWHERE, lines, postalCode, postalPlace, country: countryCode };
}

const NOWHERE: Omit<ToldPlace, 'kinds'> = {
  lines: [],
  postalCode: null,
  postalPlace: null,
  municipality: null,
  municipalityName: null,
  country: null,
};
