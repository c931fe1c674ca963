import { livedBefore, shareResidence } from './addresses.js';
import {
  anyGender,
  birthdayOf,
  bornAtAge,
  bornInNorway,
  dayBetween,
  REFERENCE_DAY,
  settle,
  type Workshop,
} from './basics.js';
import { dayFrom, type Day } from './day.js';
import { die, leaveEstate } from './death.js';
import { registerDigitalContact } from './entitlements.js';
import { ordinaryHome, type Home } from './home.js';
import type { PersonDraft } from './person-draft.js';
import { bereave, marry, part, registerParents, type Parent } from './relations.js';
import type { Gender } from './synthetic-numbers.js';

/** Registered partnerships could be entered from August 1993 until the end of 2008. */
const FIRST_PARTNERSHIP = dayFrom(1993, 8, 1);
const LAST_PARTNERSHIP = dayFrom(2008, 12, 31);

/** A grown-up born in Norway, without a home yet. */
export function grownUp(
  workshop: Workshop,
  ages: readonly [from: number, to: number],
  gender: Gender = anyGender(workshop.dice),
  familyName?: string,
): PersonDraft {
  const { dice } = workshop;
  const person = bornInNorway(workshop, {
    born: bornAtAge(dice, ...ages),
    gender,
    ...(familyName === undefined ? {} : { familyName }),
  });
  if (dice.chance(0.6)) {
    registerDigitalContact(dice, person, REFERENCE_DAY - dice.between(30, 1500), {
      status: 'Active',
      reserved: false,
    });
  }
  return person;
}

/** Moves people into one home on one day, some of them from a home of their own before. */
export function moveInTogether(
  { dice }: Workshop,
  people: readonly PersonDraft[],
  home: Home = ordinaryHome(dice),
): void {
  const latest = Math.max(...people.map((person) => birthdayOf(person, 18)));
  const since = dayBetween(dice, Math.min(latest, REFERENCE_DAY - 200), REFERENCE_DAY - 100);
  for (const person of people) {
    settle(person, home, since);
    if (dice.chance(0.3)) livedBefore(dice, person, dayBetween(dice, person.born, since - 30));
  }
}

/** A child of the parents, living with the first of them while it is young. */
export function childOf(
  workshop: Workshop,
  parents: readonly Parent[],
  born: Day,
  order?: number,
): PersonDraft {
  const { dice } = workshop;
  const [first] = parents;
  const child = bornInNorway(workshop, {
    born,
    gender: anyGender(dice),
    ...(first === undefined ? {} : { familyName: first.person.familyName }),
  });
  if (order !== undefined) {
    child.annul('birthInNorway');
    child.add('birthInNorway', born, { organizationName: 'Syntetisk sykehus', multipleBirthNumber: order });
  }
  registerParents(child, parents);
  const home = first?.person.home;
  if (home !== undefined && birthdayOf(child, 19) > REFERENCE_DAY) {
    settle(child, home, Math.max(born, first?.person.livesSince ?? born));
  } else {
    moveInTogether(workshop, [child]);
  }
  return child;
}

/** Children of the parents, born while the first of them was 19 to 42 years old; now and then twins. */
export function childrenOf(workshop: Workshop, parents: readonly Parent[], count: number): PersonDraft[] {
  const { dice } = workshop;
  const [first] = parents;
  if (first === undefined) return [];
  const from = birthdayOf(first.person, 19);
  const to = Math.min(birthdayOf(first.person, 42), REFERENCE_DAY - 1);
  if (count === 2 && dice.chance(0.1)) {
    const born = dayBetween(dice, from, to);
    return [21, 22].map((order) => childOf(workshop, parents, born, order));
  }
  return Array.from({ length: count }, () => childOf(workshop, parents, dayBetween(dice, from, to)));
}

/** Somebody living alone. */
export function alone(workshop: Workshop): PersonDraft[] {
  const person = grownUp(workshop, [18, 95]);
  moveInTogether(workshop, [person]);
  return [person];
}

/** Two people living together, most of them married. */
export function couple(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const gender = anyGender(dice);
  const sameGender = dice.chance(0.08);
  const age = dice.between(20, 85);
  const one = grownUp(workshop, [age, age + 3], gender);
  const other = grownUp(
    workshop,
    [age, age + 3],
    sameGender === (gender === 'Female') ? 'Female' : 'Male',
    dice.chance(0.4) ? one.familyName : undefined,
  );
  moveInTogether(workshop, [one, other]);
  if (dice.chance(0.65)) wed(workshop, one, other);
  return [one, other];
}

function wed({ dice }: Workshop, one: PersonDraft, other: PersonDraft): Day {
  const from = Math.max(birthdayOf(one, 18), birthdayOf(other, 18));
  if (one.gender === other.gender && from < LAST_PARTNERSHIP) {
    const since = dayBetween(dice, Math.max(from, FIRST_PARTNERSHIP), LAST_PARTNERSHIP);
    marry(dice, one, other, since, 'RegisteredPartner');
    return since;
  }
  const since = dayBetween(dice, from, REFERENCE_DAY - 30);
  marry(dice, one, other, since);
  return since;
}

/** Mother, father and their children. */
export function parentsWithChildren(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const age = dice.between(22, 62);
  const mother = grownUp(workshop, [age, age], 'Female');
  const father = grownUp(workshop, [age, age + 6], 'Male', dice.chance(0.5) ? mother.familyName : undefined);
  moveInTogether(workshop, [mother, father]);
  if (dice.chance(0.6)) wed(workshop, mother, father);
  const children = childrenOf(
    workshop,
    [
      { person: mother, role: 'Mother' },
      { person: father, role: 'Father' },
    ],
    dice.between(1, 4),
  );
  return [mother, father, ...children];
}

/** One parent alone with the responsibility. */
export function singleParent(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const role = dice.chance(0.8) ? 'Mother' : 'Father';
  const parent = grownUp(workshop, [22, 50], role === 'Mother' ? 'Female' : 'Male');
  moveInTogether(workshop, [parent]);
  return [parent, ...childrenOf(workshop, [{ person: parent, role }], dice.between(1, 2))];
}

/** Parents who live apart, with children who live with both. */
export function parentsApart(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const age = dice.between(26, 55);
  const mother = grownUp(workshop, [age, age], 'Female');
  const father = grownUp(workshop, [age, age + 6], 'Male');
  moveInTogether(workshop, [mother, father]);
  const married = dice.chance(0.7) ? wed(workshop, mother, father) : undefined;
  const children = childrenOf(
    workshop,
    [
      { person: mother, role: 'Mother' },
      { person: father, role: 'Father' },
    ],
    dice.between(1, 3),
  );
  const apart = dayBetween(dice, Math.max(married ?? 0, father.livesSince) + 10, REFERENCE_DAY - 5);
  if (married !== undefined) part(mother, father, apart, dice.chance(0.6) ? 'Divorced' : 'Separated');
  const home = ordinaryHome(dice);
  settle(father, home, apart);
  for (const child of children) {
    if (birthdayOf(child, 18) > REFERENCE_DAY && dice.chance(0.7)) {
      shareResidence(child, home, Math.max(child.born, apart));
    }
  }
  return [mother, father, ...children];
}

/** Mother and co-mother with children; in some families the mother is dead and the co-mother has the responsibility. */
export function twoMothers(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const age = dice.between(28, 48);
  const mother = grownUp(workshop, [age, age], 'Female');
  const coMother = grownUp(workshop, [age, age + 3], 'Female');
  moveInTogether(workshop, [mother, coMother]);
  const wedding = wed(workshop, mother, coMother);
  if (dice.chance(0.5)) {
    const children = childrenOf(
      workshop,
      [
        { person: mother, role: 'Mother' },
        { person: coMother, role: 'CoMother' },
      ],
      dice.between(1, 2),
    );
    return [mother, coMother, ...children];
  }
  const children = childrenOf(workshop, [{ person: coMother, role: 'CoMother' }], 1);
  const death = dayBetween(dice, Math.max(wedding, mother.livesSince) + 1, REFERENCE_DAY - 3);
  die(mother, death);
  bereave(coMother, mother, death, 'WidowOrWidower');
  return [mother, coMother, ...children];
}

/** A couple of whom one has died, or who parted as registered partners. */
export function widowed(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const partners = dice.chance(0.1);
  const dead = grownUp(workshop, [60, 98], 'Male');
  const survivor = grownUp(workshop, [55, 92], partners ? 'Male' : 'Female');
  moveInTogether(workshop, [dead, survivor]);
  const wedding = wed(workshop, dead, survivor);
  const day = dayBetween(dice, Math.max(wedding, dead.livesSince) + 20, REFERENCE_DAY - 40);
  die(dead, day);
  bereave(survivor, dead, day, partners ? 'SurvivingPartner' : 'WidowOrWidower');
  leaveEstate(dice, dead, day + 30, survivor);
  return [dead, survivor];
}

/** Registered partners who are separated or divorced. */
export function partnersApart(workshop: Workshop): PersonDraft[] {
  const { dice } = workshop;
  const gender = anyGender(dice);
  const [one, other] = [grownUp(workshop, [45, 75], gender), grownUp(workshop, [45, 75], gender)];
  moveInTogether(workshop, [one]);
  moveInTogether(workshop, [other]);
  const wedding = wed(workshop, one, other);
  const day = dayBetween(dice, wedding + 400, REFERENCE_DAY - 5);
  part(one, other, day, dice.chance(0.5) ? 'SeparatedPartner' : 'DivorcedPartner');
  return [one, other];
}
