import type { JsonObject, JsonValue } from '../person-document.js';
import type { Dice } from './dice.js';
import { inventStreet } from './invented-words.js';
import { PLACES, type Place } from './places.js';
import { twoDigits } from './day.js';

/** Where somebody lives in Norway, in the register's shape. All who live together share one. */
export interface Home {
  readonly place: Place;
  /** `streetAddress`, `cadastralAddress` or `unknownResidence`, and nothing else. */
  readonly location: JsonObject;
  /** Cadastre, statistics and districts; present and shared addresses have only some of them. */
  readonly cadastralIdentifier: string | undefined;
  readonly basicStatisticalUnit: number | undefined;
  readonly districts: JsonObject;
  readonly registerDistricts: JsonObject;
}

export type UnitType =
  | 'Housing'
  | 'OtherThanHousing'
  | 'HolidayHome'
  | 'NotApprovedAsHousing'
  | 'UnnumberedSeparatelyOccupiedUnit';

/** Details that a home may have besides the usual. */
export interface HomeDetails {
  readonly place?: Place;
  readonly unitType?: UnitType;
  readonly careOf?: string;
  readonly additionalName?: string;
}

function municipality(place: Place): JsonObject {
  return {
    municipalityNumber: place.municipalityNumber,
    municipalityName: place.municipalityName,
    countyNumber: place.countyNumber,
    countyName: place.countyName,
  };
}

function choosePlace(dice: Dice): Place {
  return dice.weighted(PLACES);
}

/** A flat or a house in a street. */
export function streetHome(dice: Dice, details: HomeDetails = {}): Home {
  const place = details.place ?? choosePlace(dice);
  return assemble(dice, place, { streetAddress: streetAddress(dice, place, details) });
}

/** A farm: a number in the cadastre instead of a street. */
export function cadastralHome(dice: Dice, details: HomeDetails = {}): Home {
  const place = details.place ?? choosePlace(dice);
  return assemble(dice, place, {
    cadastralAddress: {
      separatelyOccupiedUnitNumber: 'H0101',
      separatelyOccupiedUnitType: details.unitType ?? 'Housing',
      cadastralNumber: {
        ...municipality(place),
        municipalityLandNumber: dice.between(1, 240),
        titleNumber: dice.between(1, 90),
        ...(dice.chance(0.2) ? { leaseholdNumber: dice.between(1, 9) } : {}),
      },
      ...(dice.chance(0.3) ? { subNumber: dice.between(1, 4) } : {}),
      addressAdditionalName: `${dice.pick(['Nordre', 'Søndre', 'Øvre', 'Nedre'])} Prøvegard`,
      city: dice.pick(place.posts).city,
      ...(details.careOf === undefined ? {} : { coAddressName: details.careOf }),
    },
  });
}

/** No fixed abode, with the municipality or without even that. */
export function unknownHome(dice: Dice, withMunicipality: boolean): Home {
  const place = choosePlace(dice);
  return {
    place,
    location: { unknownResidence: withMunicipality ? municipality(place) : {} },
    cadastralIdentifier: undefined,
    basicStatisticalUnit: undefined,
    districts: {},
    registerDistricts: {},
  };
}

/** A home as most people have one. */
export function ordinaryHome(dice: Dice): Home {
  return dice.chance(0.08) ? cadastralHome(dice) : streetHome(dice);
}

/** A home of AIN persons: the number is part of the street's name (persontjenesten-api 2). */
export function homeWithNumberInName(dice: Dice): Home {
  const place = choosePlace(dice);
  const street = inventStreet(dice, false);
  return assemble(dice, place, {
    streetAddress: {
      ...municipality(place),
      addressName: `${street.name} ${String(dice.between(1, 80))} ${dice.pick('ABC'.split(''))}`,
      city: dice.pick(place.posts).city,
    },
  });
}

function streetAddress(dice: Dice, place: Place, details: HomeDetails): JsonObject {
  const street = inventStreet(dice, place.sami && dice.chance(0.5));
  const unit = dice.chance(0.6) ? `${twoDigits(dice.between(1, 9))}${twoDigits(dice.between(1, 6))}` : '0101';
  const houseNumber = String(dice.between(1, 120));
  const address: Record<string, JsonValue> = {
    municipalityNumber: place.municipalityNumber,
    municipalityName: place.municipalityName,
    countyNumber: place.countyNumber,
    countyName: place.countyName,
    separatelyOccupiedUnitNumber: `H${unit}`,
    separatelyOccupiedUnitType: details.unitType ?? 'Housing',
    addressName: street.name,
    addressNumber: dice.chance(0.3)
      ? { houseNumber, houseLetter: dice.pick('ABCDEF'.split('')) }
      : { houseNumber },
    addressCode: street.code,
    city: dice.pick(place.posts).city,
  };
  if (details.additionalName !== undefined) address['addressAdditionalName'] = details.additionalName;
  if (details.careOf !== undefined) address['coAddressName'] = details.careOf;
  return address;
}

function assemble(dice: Dice, place: Place, location: JsonObject): Home {
  const district = place.districts.length === 0 ? undefined : dice.pick(place.districts);
  return {
    place,
    location,
    cadastralIdentifier: String(dice.between(200_000_000, 899_999_999)),
    basicStatisticalUnit: dice.between(101, 3599),
    districts:
      district === undefined
        ? {}
        : {
            urbanDistrictCode: district.code,
            urbanDistrictName: district.name,
            geographicalUrbanDistrictCode: district.code,
            geographicalUrbanDistrictName: district.name,
          },
    registerDistricts: dice.chance(0.8)
      ? {
          constituency: dice.between(1, 60),
          schoolDistrict: dice.between(1, 90),
          churchDistrict: dice.between(1, 30),
        }
      : {},
  };
}

function statistics(home: Home): Record<string, JsonValue> {
  if (home.basicStatisticalUnit === undefined) return {};
  const unit = String(home.basicStatisticalUnit).padStart(4, '0');
  return {
    fullBasicStatisticalUnitNumber: home.place.municipalityNumber + unit,
    basicStatisticalUnitName: `Syntetisk grunnkrets ${unit}`,
  };
}

function common(home: Home): Record<string, JsonValue> {
  return {
    ...home.location,
    ...(home.cadastralIdentifier === undefined ? {} : { cadastralIdentifier: home.cadastralIdentifier }),
  };
}

/** The home as content of a residential address. */
export function asResidentialAddress(home: Home, confidentiality: string, moveDate: string): JsonObject {
  return {
    ...common(home),
    addressConfidentiality: confidentiality,
    moveDate,
    ...(home.basicStatisticalUnit === undefined ? {} : { basicStatisticalUnit: home.basicStatisticalUnit }),
    ...statistics(home),
    ...home.registerDistricts,
    ...home.districts,
  };
}

/** The home as content of a present address. */
export function asPresentAddress(home: Home, confidentiality: string): JsonObject {
  return { ...common(home), addressConfidentiality: confidentiality, ...statistics(home), ...home.districts };
}

/** The home as content of a shared residence. */
export function asSharedResidence(home: Home, confidentiality: string): JsonObject {
  return {
    ...home.location,
    addressConfidentiality: confidentiality,
    ...statistics(home),
    ...home.districts,
  };
}
