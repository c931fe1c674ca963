import type { JsonObject } from '../person-document.js';
import type { Day } from './day.js';
import type { Dice } from './dice.js';
import { asPresentAddress, asResidentialAddress, asSharedResidence, streetHome, type Home } from './home.js';
import { inventStreet } from './invented-words.js';
import { agreementOf } from './relations.js';
import type { PersonDraft } from './person-draft.js';
import { PLACES, SVALBARD } from './places.js';

export type StayElsewhere = 'Military' | 'Abroad' | 'OnSvalbard' | 'Commuter';

/** Adds a home where the person lived before the present one. */
export function livedBefore(dice: Dice, person: PersonDraft, since: Day): void {
  person.addPast(
    'residentialAddress',
    since,
    asResidentialAddress(streetHome(dice), 'Unclassified', person.date(since)),
  );
}

/** A stay in Norway besides the residential address, or for people with a D-number instead of one. */
export function stayAt(person: PersonDraft, home: Home, since: Day, stayElsewhere?: StayElsewhere): void {
  person.replace('presentAddress', since, {
    ...asPresentAddress(home, 'Unclassified'),
    presentAddressDate: person.date(since),
    stayElsewhere,
  });
}

/** A stay abroad while still resident in Norway. */
export function stayAbroad(dice: Dice, person: PersonDraft, since: Day): void {
  person.replace('presentAddress', since, {
    foreignAddress: foreignAddress(dice),
    addressConfidentiality: 'Unclassified',
    presentAddressDate: person.date(since),
    stayElsewhere: 'Abroad',
  });
}

/** A stay that the register knows of without knowing where. */
export function staySomewhere(person: PersonDraft, since: Day): void {
  person.replace('presentAddress', since, {
    isAddressUnknown: true,
    addressConfidentiality: 'Unclassified',
    presentAddressDate: person.date(since),
  });
}

/** A stay on Svalbard. */
export function stayOnSvalbard(
  dice: Dice,
  person: PersonDraft,
  since: Day,
  estimatedLengthOfStay: string,
): void {
  stayAt(person, streetHome(dice, { place: SVALBARD }), since, 'OnSvalbard');
  person.add('stayOnSvalbard', since, {
    startDate: person.date(since),
    immigratedFromMunicipalityNumber: person.home?.place.municipalityNumber,
    immigratedFromCountry: 'NOR',
    numberOfPreviousStays: dice.below(3),
    estimatedLengthOfStay,
  });
}

/** The other parent's home, where a child lives too. */
export function shareResidence(child: PersonDraft, home: Home, since: Day): void {
  child.add('sharedResidence', since, {
    ...asSharedResidence(home, 'Unclassified'),
    ...agreementOf(child, since),
  });
}

function city(dice: Dice): JsonObject {
  return dice.pick(dice.weighted(PLACES).posts).city;
}

/** A post box as postal address. */
export function postBox(dice: Dice, person: PersonDraft, since: Day, owner?: string): void {
  person.replace('postalAddress', since, {
    addressConfidentiality: 'Unclassified',
    postBoxAddress: {
      ...(owner === undefined ? {} : { postBoxOwner: owner }),
      postBoxIdentification: `Postboks ${String(dice.between(90_000, 99_999))} Sentrum`,
      city: city(dice),
    },
  });
}

/** A street as postal address. */
export function postToStreet(dice: Dice, person: PersonDraft, since: Day): void {
  const street = inventStreet(dice, false);
  person.replace('postalAddress', since, {
    addressConfidentiality: 'Unclassified',
    streetAddress: {
      coAddressName: 'C/O Syntetisk Husvert',
      addressName: street.name,
      streetAddressNumber: { houseNumber: String(dice.between(1, 99)), houseLetter: dice.pick(['A', 'B']) },
      city: city(dice),
      addressCode: street.code,
      separatelyOccupiedUnitNumber: 'H0201',
    },
    cadastralIdentifier: String(dice.between(200_000_000, 899_999_999)),
  });
}

/** Postal address in lines; `member` is the name of the list, of which the API has an old one and a new one. */
export function postInLines(
  dice: Dice,
  person: PersonDraft,
  since: Day,
  member: 'addressLine' | 'adresselinje',
): void {
  person.replace('postalAddress', since, {
    addressConfidentiality: 'Unclassified',
    freeFormPostalAddress: {
      [member]: [
        'v/ Syntetisk Verge',
        `${inventStreet(dice, false).name} ${String(dice.between(1, 99))}`,
        'Øvre prøveplan',
      ],
      city: city(dice),
    },
  });
}

const FOREIGN_CITIES = [
  { cityOrPlaceName: 'Göteborg', postCode: '411 01', countryCode: 'SE' },
  { cityOrPlaceName: 'København', postCode: '1050', countryCode: 'DK' },
  { cityOrPlaceName: 'Kraków', postCode: '30-001', countryCode: 'PL' },
  { cityOrPlaceName: 'Prishtinë', postCode: '10000', countryCode: 'XK' },
  { cityOrPlaceName: 'Canberra', postCode: '2600', region: 'ACT', countryCode: 'AU' },
];

function foreignAddress(dice: Dice): JsonObject {
  return {
    addressName: `${String(dice.between(1, 200))} Synthetic Avenue`,
    ...(dice.chance(0.4) ? { building: 'Block 3', floorNumber: '1', housingUnit: 'Unit 2' } : {}),
    ...dice.pick(FOREIGN_CITIES),
  };
}

/** A postal address abroad, in fields. */
export function postAbroad(dice: Dice, person: PersonDraft, since: Day): void {
  person.replace('foreignPostalAddress', since, {
    addressConfidentiality: 'Unclassified',
    foreignAddress: dice.chance(0.2)
      ? { ...foreignAddress(dice), postBox: 'PO Box 0000' }
      : foreignAddress(dice),
  });
}

/** A postal address abroad, in lines. */
export function postAbroadInLines(dice: Dice, person: PersonDraft, since: Day): void {
  const { postCode, cityOrPlaceName, countryCode } = dice.pick(FOREIGN_CITIES);
  person.replace('foreignPostalAddress', since, {
    addressConfidentiality: 'Unclassified',
    freeFormForeignAddress: {
      addressLine: ['Synthetic House', `${String(dice.between(1, 99))} Example Row`],
      postCode,
      cityOrPlaceName,
      countryCode,
    },
  });
}

/** Which address the person wants post to; gone from the register, still in old documents. */
export function preferAddress(person: PersonDraft, since: Day, addressType: string): void {
  person.add('preferredContactAddress', since, {
    addressType,
    addressConfidentiality: 'Unclassified',
    freeformContactAddress: { addressLine: ['Syntetveien 1', '0474 OSLO'], countryCode: 'NO' },
  });
}
