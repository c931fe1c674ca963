import { postAbroad, postBox, stayAt } from './addresses.js';
import {
  anyGender,
  becomeResident,
  birthdayOf,
  bornAtAge,
  bornInNorway,
  dayBetween,
  holderOfDNumber,
  knownByAlternateNumber,
  movedToNorway,
  REFERENCE_DAY,
  registerName,
  renumber,
  settle,
  type Workshop,
} from './basics.js';
import { die, leaveEstate } from './death.js';
import * as entitlement from './entitlements.js';
import { childOf, childrenOf, grownUp, moveInTogether } from './families.js';
import { homeWithNumberInName, ordinaryHome, streetHome, unknownHome } from './home.js';
import { KOSOVO, ORIGINS } from './origins.js';
import type { PersonDraft } from './person-draft.js';
import { protectConfidentially, protectStrictly } from './protection.js';
import { registerParentAbroad, registerSiblings, registerStillbirth } from './relations.js';

/** A family that came to Norway: one by way of a D-number, one at once, with a child born here or left behind relatives. */
export function newcomers(workshop: Workshop): PersonDraft[] {
  const { dice, numbers } = workshop;
  const origin = dice.chance(0.1) ? KOSOVO : dice.pick(ORIGINS);
  const arrival = REFERENCE_DAY - dice.between(1000, 6000);
  const mother = holderOfDNumber(
    workshop,
    { born: arrival - dice.between(7000, 12_000), gender: 'Female' },
    origin,
    arrival,
    arrival + 500,
  );
  entitlement.registerDuf(mother, numbers.duf(), arrival);
  entitlement.registerForeignNumber(dice, mother, origin, arrival);
  entitlement.permitStay(mother, arrival, 'Temporary');
  becomeResident(workshop, mother, origin, arrival + 500);
  const home = ordinaryHome(dice);
  settle(mother, home, arrival + 500);
  entitlement.permitStay(mother, arrival + 900, 'Permanent');
  if (dice.chance(0.4)) entitlement.addCitizenship(mother, 'NOR', REFERENCE_DAY - 60);

  const child = movedToNorway(
    workshop,
    {
      born: dayBetween(dice, birthdayOf(mother, 18), arrival + 400),
      gender: anyGender(dice),
      familyName: mother.familyName,
    },
    origin,
    arrival + 500,
  );
  settle(child, home, arrival + 500);
  entitlement.permitStay(child, arrival + 500, dice.chance(0.5) ? 'InformationMissing' : 'Temporary');
  registerParentAbroad(child, 'Father', origin.alpha3);
  const others = childrenOf(workshop, [{ person: mother, role: 'Mother' }], dice.below(2));
  return [mother, child, ...others];
}

/** Somebody with a D-number: newly arrived, long inactive, or dead. */
export function dNumberHolder(workshop: Workshop): PersonDraft[] {
  const { dice, numbers } = workshop;
  const origin = dice.pick(ORIGINS);
  const since = REFERENCE_DAY - dice.between(100, 4000);
  const died = dice.chance(0.1) ? dayBetween(dice, since + 50, REFERENCE_DAY - 2) : undefined;
  const person = holderOfDNumber(
    workshop,
    { born: bornAtAge(dice, 20, 60), gender: anyGender(dice) },
    origin,
    since,
    died,
  );
  if (dice.chance(0.3)) entitlement.registerDuf(person, numbers.duf(), since);
  if (dice.chance(0.5)) entitlement.registerForeignNumber(dice, person, origin, since);
  if (dice.chance(0.6)) stayAt(person, streetHome(dice, { careOf: 'C/O Syntetisk Mottak' }), since + 20);
  if (dice.chance(0.5)) postAbroad(dice, person, since + 30);
  if (died !== undefined) die(person, died);
  return [person];
}

/** Somebody who moved abroad; some have come back. */
export function emigrant(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const person = grownUp(workshop, [22, 80]);
  const origin = dice.pick(ORIGINS);
  const left = REFERENCE_DAY - dice.between(900, 6000);
  settle(person, ordinaryHome(dice), Math.max(person.born, left - 3000));
  person.end('residentialAddress', left);
  person.replace('status', left, { status: 'Emigrated' });
  person.add('emigrationFromNorway', left, {
    emigratedToCountry: origin.alpha3,
    emigratedToCity: origin.city,
    emigratedMoveDate: person.date(left - 3),
  });
  if (dice.chance(0.25)) {
    const back = left + 700;
    person.end('emigrationFromNorway', back);
    person.replace('status', back, { status: 'Resident' });
    person.add('immigrationToNorway', back, {
      immigratedFromCountry: origin.alpha3,
      immigratedFromCity: origin.city,
    });
    settle(person, ordinaryHome(dice), back);
  } else {
    postAbroad(dice, person, left);
  }
  return [person];
}

/** Somebody known by a felles hjelpenummer only. */
export function alternateOnly(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const since = REFERENCE_DAY - dice.between(1, 900);
  const person = knownByAlternateNumber(
    workshop,
    { born: bornAtAge(dice, 1, 90), gender: anyGender(dice) },
    since,
  );
  if (dice.chance(0.6)) settle(person, homeWithNumberInName(dice), since);
  return [person];
}

/** Somebody who lived alone and died. */
export function deadAlone(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const person = grownUp(workshop, [50, 99]);
  moveInTogether(workshop, [person], ordinaryHome(dice));
  const day = dayBetween(dice, person.livesSince, REFERENCE_DAY - 40);
  die(person, day);
  if (dice.chance(0.5)) leaveEstate(dice, person, day + 30, undefined);
  return [person];
}

/** Somebody whose number was replaced, with a child whose relation names the number in use. */
export function renumbered(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const person = grownUp(workshop, [30, 70], 'Female');
  moveInTogether(workshop, [person]);
  const day = REFERENCE_DAY - dice.between(40, 900);
  if (dice.chance(0.3)) renumber(workshop, person, day - 3000, person.gender);
  const gender = dice.chance(0.3) ? 'Male' : 'Female';
  if (gender !== person.gender) person.replace('gender', day, { gender });
  renumber(workshop, person, day, gender);
  return [person, ...childrenOf(workshop, [{ person, role: 'Mother' }], dice.below(2))];
}

type Fate = (workshop: Workshop) => PersonDraft;

const FATES: readonly Fate[] = [
  (workshop) => {
    const person = grownUp(workshop, [25, 70]);
    moveInTogether(workshop, [person]);
    person.replace('status', REFERENCE_DAY - 20, { status: 'Disappeared' });
    return person;
  },
  (workshop) => {
    const person = bornInNorway(workshop, {
      born: bornAtAge(workshop.dice, 0, 3),
      gender: anyGender(workshop.dice),
    });
    person.annul('status');
    person.add('status', person.born, { status: 'RegisteredAtBirth' });
    person.add('residentialAddress', person.born, {
      ...unknownHome(workshop.dice, false).location,
      addressConfidentiality: 'Unclassified',
    });
    return person;
  },
  (workshop) => {
    const person = grownUp(workshop, [20, 60]);
    settle(person, unknownHome(workshop.dice, false), REFERENCE_DAY - 700);
    person.annul('status');
    person.add('status', REFERENCE_DAY - 700, { status: 'NotResident' });
    return person;
  },
  (workshop) => {
    const person = grownUp(workshop, [20, 60]);
    person.replace('status', REFERENCE_DAY - 90, { status: 'Discontinued' });
    person.end('norwegianIdentificationNumber', REFERENCE_DAY - 90, { status: 'Discontinued' });
    return person;
  },
];

/** The fates that few share: missing, registered at birth, not resident, discontinued. */
export const RARE_FATES = FATES.map((fate) => (workshop: Workshop): PersonDraft[] => [fate(workshop)]);

/** A mother and her children in hiding; the father knows nothing. */
export function protectedFamily(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const mother = grownUp(workshop, [24, 45], 'Female');
  moveInTogether(workshop, [mother]);
  const children = childrenOf(workshop, [{ person: mother, role: 'Mother' }], dice.between(1, 2));
  const since = REFERENCE_DAY - dice.between(2, 90);
  const strictly = dice.chance(0.4);
  const home = streetHome(dice);
  for (const person of [mother, ...children]) {
    const day = Math.max(since, person.livesSince);
    if (strictly) protectStrictly(dice, person, day);
    else protectConfidentially(dice, person, home, day, person === mother ? undefined : streetHome(dice));
  }
  return [mother, ...children];
}

const MINORS = ['SingleMinorAsylumSeeker', 'SingleMinorRefugee', 'Minor', 'TemporaryForMinor'] as const;

/** A minor with a guardian, who has the parental responsibility; nobody else is known to have it. */
export const WARDS = MINORS.map((type) => (workshop: Workshop): PersonDraft[] => {
  const { dice, numbers } = workshop;
  const guardian = grownUp(workshop, [35, 65]);
  moveInTogether(workshop, [guardian]);
  const refugee = type.startsWith('Single');
  const since = REFERENCE_DAY - dice.between(100, 600);
  const outline = { born: bornAtAge(dice, 6, 15), gender: anyGender(dice) };
  const ward = refugee
    ? movedToNorway(workshop, outline, dice.pick(ORIGINS), since)
    : bornInNorway(workshop, outline);
  if (refugee) entitlement.registerDuf(ward, numbers.duf(), since);
  settle(ward, guardian.home ?? ordinaryHome(dice), since);
  entitlement.appointGuardian(ward, since, type, 'PersonalAndFinancialInterests', guardian);
  const responsibility = dice.chance(0.7)
    ? { responsibilityType: 'Other', subjectOfResponsibility: ward.number, responsible: guardian.number }
    : { responsibilityType: 'Unknown', subjectOfResponsibility: ward.number };
  ward.add('parentalResponsibility', since, responsibility);
  if (responsibility.responsibilityType === 'Other') {
    guardian.add('parentalResponsibility', since, responsibility);
  }
  return [guardian, ward];
});

/** Grown-up siblings, one of them the other's guardian. */
export function siblings(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const one = grownUp(workshop, [30, 60]);
  const other = grownUp(workshop, [30, 60], anyGender(dice), one.familyName);
  moveInTogether(workshop, [one]);
  moveInTogether(workshop, [other]);
  registerSiblings(one, other);
  entitlement.appointGuardian(one, REFERENCE_DAY - 400, 'Adult', 'FinancialInterests', other);
  return [one, other];
}

/** A mother who has a newborn with a provisional name, and lost a child before. */
export function newborn(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const mother = grownUp(workshop, [22, 40], 'Female');
  moveInTogether(workshop, [mother]);
  registerStillbirth(mother, REFERENCE_DAY - 900);
  const child = childOf(workshop, [{ person: mother, role: 'Mother' }], REFERENCE_DAY - dice.between(2, 40));
  child.annul('name');
  child.givenName = `${mother.givenName}*${child.gender === 'Female' ? 'PIKE' : 'GUTT'}`;
  registerName(child, child.born);
  postBox(dice, mother, REFERENCE_DAY - 300);
  return [mother, child];
}
