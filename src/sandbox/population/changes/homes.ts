import type { JsonObject } from '../person-document.js';
import type { Dice } from '../generated/dice.js';
import { asPresentAddress, asResidentialAddress, streetHome, type Home } from '../generated/home.js';
import { PLACES } from '../generated/places.js';
import type { GivenAddress } from './change.js';
import { asDate, type Fields, type Moment } from './person-edit.js';

/** The home that a change names, or an invented one. */
export function homeOf(address: GivenAddress | undefined, dice: Dice): Home {
  return address === undefined ? streetHome(dice) : givenHome(address);
}

function givenHome(address: GivenAddress): Home {
  const { municipalityNumber } = address;
  const known = PLACES.find((place) => place.municipalityNumber === municipalityNumber);
  const municipalityName = address.municipalityName ?? known?.municipalityName;
  const streetAddress: JsonObject = {
    municipalityNumber,
    ...(municipalityName === undefined ? {} : { municipalityName }),
    countyNumber: municipalityNumber.slice(0, 2),
    ...(known === undefined ? {} : { countyName: known.countyName }),
    separatelyOccupiedUnitNumber: 'H0101',
    separatelyOccupiedUnitType: 'Housing',
    addressName: address.addressName,
    addressNumber: {
      houseNumber: address.houseNumber,
      ...(address.houseLetter === undefined ? {} : { houseLetter: address.houseLetter }),
    },
    city: { cityName: address.cityName, postalCode: address.postalCode },
  };
  return {
    place: known ?? {
      municipalityNumber,
      municipalityName: municipalityName ?? '',
      countyNumber: municipalityNumber.slice(0, 2),
      countyName: '',
      posts: [],
      districts: [],
      sami: false,
      weight: 0,
    },
    location: { streetAddress },
    cadastralIdentifier: undefined,
    basicStatisticalUnit: undefined,
    districts: {},
    registerDistricts: {},
  };
}

/** A home as residential address from the day of the change. */
export function residentialFields(home: Home, level: string, { day }: Moment): Fields {
  return asResidentialAddress(home, level, asDate(day));
}

/** A home as present address from the day of the change. */
export function presentFields(home: Home, level: string, { day }: Moment): Fields {
  return { ...asPresentAddress(home, level), presentAddressDate: asDate(day) };
}
