import { civilDate, dayFrom, twoDigits, type Day } from './day.js';
import type { Dice } from './dice.js';
import { asResidentialAddress, type Home } from './home.js';
import { inventFamilyName, inventGivenName } from './invented-words.js';
import { PersonDraft } from './person-draft.js';
import { PLACES } from './places.js';
import type { Gender, NumberSource } from './synthetic-numbers.js';

/**
 * The day that generated lives lead up to. It is fixed, so that a seed means the same population for ever;
 * nobody in it is born, moves or dies later.
 */
export const REFERENCE_DAY: Day = dayFrom(2025, 7, 1);

/** What a family is made with. */
export interface Workshop {
  readonly dice: Dice;
  readonly numbers: NumberSource;
}

/** A person's outline, before anything is registered. */
export interface Outline {
  readonly born: Day;
  readonly gender: Gender;
  readonly familyName?: string;
  readonly sami?: boolean;
}

/** A day of birth that makes somebody a number of years old at the reference day. */
export function bornAtAge(dice: Dice, from: number, to: number): Day {
  return REFERENCE_DAY - Math.round(dice.between(from, to) * 365.25) - dice.between(1, 364);
}

/** Female or male, as likely. */
export function anyGender(dice: Dice): Gender {
  return dice.chance(0.5) ? 'Female' : 'Male';
}

/** A day between two others; the earlier when there is none between. */
export function dayBetween(dice: Dice, from: Day, to: Day): Day {
  return to <= from ? from : dice.between(from, to);
}

/** The day somebody turns a number of years old. */
export function birthdayOf(person: PersonDraft, years: number): Day {
  return person.born + Math.ceil(years * 365.25);
}

function draft({ dice }: Workshop, outline: Outline): PersonDraft {
  const person = new PersonDraft(
    outline.born,
    outline.gender,
    dice.chance(0.1) ? 'T00:00:00+01:00' : 'T00:00:00Z',
  );
  const sami = outline.sami ?? dice.chance(0.03);
  person.givenName = inventGivenName(dice, sami);
  person.familyName = outline.familyName ?? inventFamilyName(dice, sami);
  return person;
}

/** Gives the person the name that the draft holds. */
export function registerName(person: PersonDraft, since: Day, middleName?: string): void {
  const short = [person.familyName, person.givenName, middleName].filter((part) => part !== undefined);
  person.replace('name', since, {
    givenName: person.givenName,
    middleName,
    familyName: person.familyName,
    shortName: short.join(' ').toUpperCase().slice(0, 40),
  });
}

function registerIdentity(
  person: PersonDraft,
  number: string,
  type: 'NationalIdentityNumber' | 'DNumber' | 'AlternateIdentificationNumber',
  since: Day,
): void {
  person.number = number;
  person.replace('norwegianIdentificationNumber', since, {
    status: 'InUse',
    identificationNumber: number,
    identificationNumberType: type,
  });
}

/** Somebody born in Norway, resident from birth; the home comes later. */
export function bornInNorway(workshop: Workshop, outline: Outline): PersonDraft {
  const { dice, numbers } = workshop;
  const person = draft(workshop, outline);
  const { born } = outline;
  const place = dice.weighted(PLACES);
  registerIdentity(
    person,
    numbers.nationalId(born, outline.gender),
    'NationalIdentityNumber',
    Math.min(born + 5, REFERENCE_DAY),
  );
  person.add('identityVerification', dayBetween(dice, Math.min(born + 10, REFERENCE_DAY), REFERENCE_DAY), {
    identityVerificationStatus: dice.chance(0.7) ? 'Verified' : 'NotVerified',
  });
  person.add('status', born, { status: 'Resident' }, { source: 'SYNTETISK' });
  person.add('gender', born, { gender: outline.gender });
  person.add('birth', born, {
    birthDate: person.date(born),
    birthYear: String(civilDate(born).year),
    ...(dice.chance(0.2) ? { birthPlace: 'Syntetisk fødestue' } : {}),
    birthMunicipalityNumber: place.municipalityNumber,
    birthMunicipalityName: place.municipalityName,
    birthCountyNumber: place.countyNumber,
    birthCountyName: place.countyName,
    birthCountry: 'NOR',
  });
  person.add('birthInNorway', born, { organizationName: 'Syntetisk sykehus' });
  person.add('citizenship', born, { countryCode: 'NOR', aquiredDate: person.date(born) });
  person.add('maritalStatus', born, { status: 'Unmarried' });
  registerName(
    person,
    Math.min(born + 60, REFERENCE_DAY),
    dice.chance(0.25) ? inventGivenName(dice, false) : undefined,
  );
  return person;
}

/** What is known of somebody who was born abroad. */
export interface Origin {
  readonly alpha3: string;
  readonly alpha2: string;
  readonly city: string;
}

function bornAbroad(workshop: Workshop, outline: Outline, origin: Origin, since: Day): PersonDraft {
  const person = draft(workshop, outline);
  person.add('gender', since, { gender: outline.gender });
  person.add('birth', since, {
    birthDate: person.date(outline.born),
    birthYear: String(civilDate(outline.born).year),
    birthPlace: origin.city,
    birthCountry: origin.alpha3,
  });
  person.add('citizenship', since, { countryCode: origin.alpha3, aquiredDate: person.date(outline.born) });
  person.add('maritalStatus', since, { status: 'Unspecified' });
  registerName(person, since);
  return person;
}

/** Somebody with a D-number: not resident, without residential address. `until` is when that ended, if it did. */
export function holderOfDNumber(
  workshop: Workshop,
  outline: Outline,
  origin: Origin,
  since: Day,
  until: Day = REFERENCE_DAY,
): PersonDraft {
  const person = bornAbroad(workshop, outline, origin, since);
  registerIdentity(person, workshop.numbers.dNumber(outline.born, outline.gender), 'DNumber', since);
  person.add('identityVerification', since, { identityVerificationStatus: 'NotVerified' });
  // A D-number is active for five years (persontjenesten-api 10, Temporary and Inactive).
  const expires = since + 1826;
  person.add('status', since, { status: 'Temporary' });
  if (expires < until) person.replace('status', expires, { status: 'Inactive' });
  return person;
}

/** Somebody who moved to Norway and became resident at once. */
export function movedToNorway(workshop: Workshop, outline: Outline, origin: Origin, since: Day): PersonDraft {
  const person = bornAbroad(workshop, outline, origin, since);
  const number = workshop.numbers.nationalId(outline.born, outline.gender);
  registerIdentity(person, number, 'NationalIdentityNumber', since);
  person.add('status', since, { status: 'Resident' });
  person.add('immigrationToNorway', since, {
    immigratedFromCountry: origin.alpha3,
    immigratedFromCity: origin.city,
  });
  return person;
}

/** Somebody known by a felles hjelpenummer only: no status, and little else. */
export function knownByAlternateNumber(workshop: Workshop, outline: Outline, since: Day): PersonDraft {
  const person = draft(workshop, outline);
  registerIdentity(person, workshop.numbers.alternate(), 'AlternateIdentificationNumber', since);
  person.add('gender', since, { gender: outline.gender });
  person.add('birth', since, {
    birthDate: person.date(outline.born),
    birthYear: String(civilDate(outline.born).year),
  });
  person.add('name', since, { givenName: person.givenName, familyName: person.familyName });
  return person;
}

/** Gives the person a fødselsnummer in place of the number used until now, which is discontinued. */
export function renumber(workshop: Workshop, person: PersonDraft, since: Day, gender: Gender): void {
  person.end('norwegianIdentificationNumber', since, { status: 'Discontinued' });
  person.number = workshop.numbers.nationalId(person.born, gender);
  person.add('norwegianIdentificationNumber', since, {
    status: 'InUse',
    identificationNumber: person.number,
    identificationNumberType: 'NationalIdentityNumber',
  });
}

/** Makes the holder of a D-number resident. */
export function becomeResident(workshop: Workshop, person: PersonDraft, origin: Origin, since: Day): void {
  renumber(workshop, person, since, person.gender);
  person.replace('status', since, { status: 'Resident' });
  person.replace('identityVerification', since, { identityVerificationStatus: 'Verified' });
  person.add('immigrationToNorway', since, {
    immigratedFromCountry: origin.alpha3,
    immigratedFromCity: origin.city,
  });
}

/** Makes the home the person's residential address. */
export function settle(person: PersonDraft, home: Home, since: Day, confidentiality = 'Unclassified'): void {
  person.home = home;
  person.livesSince = since;
  person.replace(
    'residentialAddress',
    since,
    asResidentialAddress(home, confidentiality, person.date(Math.max(person.born, since - 4))),
    { reason: 'FLYTTING' },
  );
}

/** A phone number that nobody can have. */
export function inventPhoneNumber(dice: Dice): string {
  return `+47000${twoDigits(dice.below(100))}${String(dice.below(1000)).padStart(3, '0')}`;
}
