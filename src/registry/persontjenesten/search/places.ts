import type { Countries } from '../../../mapping/countries.js';
import { currentElements } from '../../../mapping/elements.js';
import { objectIn, textIn, type JsonObject } from '../../../mapping/json.js';
import { NORWAY, type CheckedCriteria } from './checked-criteria.js';
import { folded, foldedStreet } from './folding.js';

/** An address as it is searched by; blank parts are empty. */
interface Place {
  readonly kind: 'residential' | 'present' | 'other';
  /** Street name, house number and letter, folded. */
  readonly street: string;
  readonly postalCode: string;
  readonly postalPlace: string;
  readonly municipality: string;
  /** The municipality's name, and each of its official names. */
  readonly municipalityNames: readonly string[];
  /** ISO 3166-1 alpha-3. */
  readonly country: string;
}

/**
 * Whether one and the same of a person's addresses fits every address criterion given: codes exactly, texts from their
 * beginning. Addresses are those that hold today and that upstream searches, and those abroad.
 */
export function livesThere(document: JsonObject, criteria: CheckedCriteria, countries: Countries): boolean {
  return placesIn(document, countries).some((place) => fits(place, criteria));
}

function fits(place: Place, criteria: CheckedCriteria): boolean {
  const { street, postalCode, postalPlace, municipality, municipalityName, country, addressKind } = criteria;
  return (
    (addressKind === undefined || place.kind === addressKind) &&
    (street === undefined || place.street.startsWith(foldedStreet(street))) &&
    (postalCode === undefined || place.postalCode === postalCode) &&
    (postalPlace === undefined || place.postalPlace.startsWith(folded(postalPlace))) &&
    (municipality === undefined || place.municipality === municipality) &&
    (municipalityName === undefined ||
      place.municipalityNames.some((name) => name.startsWith(folded(municipalityName)))) &&
    (country === undefined || place.country === country)
  );
}

const lists = [
  ['residentialAddress', 'residential'],
  ['presentAddress', 'present'],
  ['sharedResidence', 'other'],
  ['foreignPostalAddress', 'other'],
] as const;

function placesIn(document: JsonObject, countries: Countries): readonly Place[] {
  return lists.flatMap(([list, kind]) =>
    currentElements(document, list).map(({ value }) => ({ kind, ...placeIn(value, countries) })),
  );
}

function placeIn(element: JsonObject, countries: Countries): Omit<Place, 'kind'> {
  const street = objectIn(element, 'streetAddress');
  const farm = objectIn(element, 'cadastralAddress');
  const norwegian = street ?? farm ?? objectIn(element, 'unknownResidence');
  if (norwegian === undefined) return { ...NOWHERE, country: foreignCountry(element, countries) };
  const municipality = farm === undefined ? norwegian : (objectIn(farm, 'cadastralNumber') ?? farm);
  const city = objectIn(norwegian, 'city') ?? {};
  return {
    street: street === undefined ? '' : streetLine(street),
    postalCode: textIn(city, 'postalCode') ?? '',
    postalPlace: folded(textIn(city, 'cityName') ?? ''),
    municipality: textIn(municipality, 'municipalityNumber') ?? '',
    municipalityNames: officialNames(folded(textIn(municipality, 'municipalityName') ?? '')),
    country: NORWAY,
  };
}

const NOWHERE: Omit<Place, 'kind'> = {
  street: '',
  postalCode: '',
  postalPlace: '',
  municipality: '',
  municipalityNames: [],
  country: '',
};

function streetLine(street: JsonObject): string {
  const house = objectIn(street, 'addressNumber') ?? {};
  const parts = [textIn(street, 'addressName'), textIn(house, 'houseNumber'), textIn(house, 'houseLetter')];
  return foldedStreet(parts.join(''));
}

function officialNames(name: string): readonly string[] {
  return [name, ...name.split(/ [-–] /)];
}

function foreignCountry(element: JsonObject, countries: Countries): string {
  const address = objectIn(element, 'foreignAddress') ?? objectIn(element, 'freeFormForeignAddress') ?? {};
  return countries.byAlpha2(textIn(address, 'countryCode') ?? '')?.alpha3 ?? '';
}
