import type { Countries } from '../../mapping/countries.js';
import type { HelpNumberRecord, RecordedAddress } from '../../person/help-number-record.js';
import { NORWAY, type SearchQuery } from '../search.js';
import { fitsCriteria, type ToldPlace } from '../told-person.js';
import { countryOf } from './preg-person-of.js';

/** Whether the criteria fit what a hospital told of a person. */
export function fits(record: HelpNumberRecord, query: SearchQuery, countries: Countries): boolean {
  const places = record.addresses.map((address) => placeOf(address, countries));
  return fitsCriteria({ ...record, places }, query);
}

function placeOf(address: RecordedAddress, countries: Countries): ToldPlace {
  const { municipality, country, kind } = address;
  const isNumber = municipality !== null && /^[0-9]{4}$/.test(municipality);
  const withoutCountry = kind === 'stay' ? NORWAY : null;
  return {
    kinds: kindsFor[kind],
    lines: address.lines,
    postalCode: address.postalCode,
    postalPlace: address.postalPlace,
    municipality: isNumber ? municipality : null,
    municipalityName: isNumber ? null : municipality,
    country: country === null ? withoutCountry : (countryOf(country, countries)?.alpha3 ?? country),
  };
}

/** No register knows where they live, so their stay is what is meant by any address but one abroad. */
const kindsFor: Readonly<Record<RecordedAddress['kind'], ToldPlace['kinds']>> = {
  stay: ['residential', 'present', 'home'],
  'home-abroad': ['home'],
  mail: [],
};
