import { CURIOSITIES } from './curiosities.js';
import type { Workshop } from './basics.js';
import * as ordinary from './families.js';
import type { PersonDraft } from './person-draft.js';
import * as unusual from './unusual-families.js';

type Compose = (workshop: Workshop) => PersonDraft[];

interface FamilyKind {
  readonly weight: number;
  /** The most people that such a family has. */
  readonly atMost: number;
  readonly compose: Compose;
}

const KINDS: readonly FamilyKind[] = [
  { weight: 24, atMost: 1, compose: ordinary.alone },
  { weight: 16, atMost: 2, compose: ordinary.couple },
  { weight: 28, atMost: 6, compose: ordinary.parentsWithChildren },
  { weight: 8, atMost: 3, compose: ordinary.singleParent },
  { weight: 6, atMost: 5, compose: ordinary.parentsApart },
  { weight: 1.5, atMost: 4, compose: ordinary.twoMothers },
  { weight: 6, atMost: 2, compose: ordinary.widowed },
  { weight: 0.8, atMost: 2, compose: ordinary.partnersApart },
  { weight: 4, atMost: 3, compose: unusual.newcomers },
  { weight: 5, atMost: 1, compose: unusual.dNumberHolder },
  { weight: 3, atMost: 1, compose: unusual.emigrant },
  { weight: 1.5, atMost: 1, compose: unusual.alternateOnly },
  { weight: 3, atMost: 1, compose: unusual.deadAlone },
  { weight: 1.5, atMost: 2, compose: unusual.renumbered },
  { weight: 1, atMost: 3, compose: unusual.protectedFamily },
  { weight: 0.8, atMost: 2, compose: unusual.siblings },
  { weight: 0.8, atMost: 2, compose: unusual.newborn },
  ...unusual.RARE_FATES.map((compose) => ({ weight: 0.3, atMost: 1, compose })),
  ...unusual.WARDS.map((compose) => ({ weight: 0.3, atMost: 2, compose })),
];

/** How many of the later families have something out of the ordinary. */
const CURIOUS = 0.2;

/**
 * The people of one family, related to each other and to nobody else. The first families show every kind once, the next
 * ones every curiosity once, so that a small population holds all of them; after that chance decides.
 * The same workshop state and index give the same family. `room` is how many persons are still wanted, at least one.
 */
export function composeFamily(index: number, room: number, workshop: Workshop): PersonDraft[] {
  const kind = KINDS[index] ?? (index < KINDS.length + CURIOSITIES.length ? undefined : chooseKind(workshop));
  if (kind !== undefined && kind.atMost <= room) {
    const family = kind.compose(workshop);
    if (index >= KINDS.length && isOrdinary(kind) && workshop.dice.chance(CURIOUS)) {
      workshop.dice.pick(CURIOSITIES)(workshop, firstOf(family), family[1]);
    }
    return family;
  }
  const family = room > 1 && index % 2 === 0 ? ordinary.couple(workshop) : ordinary.alone(workshop);
  CURIOSITIES[index - KINDS.length]?.(workshop, firstOf(family), family[1]);
  return family;
}

function chooseKind({ dice }: Workshop): FamilyKind {
  return dice.weighted(KINDS);
}

/** Whether the first of the family is a living resident, as curiosities suppose. */
function isOrdinary({ compose }: FamilyKind): boolean {
  return (
    compose === ordinary.alone || compose === ordinary.couple || compose === ordinary.parentsWithChildren
  );
}

function firstOf(family: readonly PersonDraft[]): PersonDraft {
  const [first] = family;
  if (first === undefined) throw new RangeError('a family without people');
  return first;
}
