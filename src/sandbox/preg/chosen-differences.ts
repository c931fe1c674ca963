import { createHash } from 'node:crypto';
import type { NationalId } from '../../person/national-id.js';
import type { PregPerson } from '../../person/preg-person.js';
import type { Difference } from './difference.js';
import { differenceNames, differences, type DifferenceName } from './differences.js';

/** How many people differ, and which ones. */
export interface Choice {
  /** The same seed chooses the same people and the same differences. */
  readonly seed: number;
  /** Of a hundred people so many differ. */
  readonly differingPercent: number;
}

/** Chooses who differs and in what, by the seed or, for single people, as a test wants it. */
export class ChosenDifferences {
  readonly #wanted = new Map<string, DifferenceName | 'none'>();
  #choice: Choice;

  constructor(choice: Choice) {
    this.#choice = choice;
  }

  /** So many differ from now on, besides those who were chosen one by one. */
  setDifferingPercent(differingPercent: number): void {
    this.#choice = { ...this.#choice, differingPercent };
  }

  /** The person whose number in use this is differs in this way, or in none, whatever the seed chooses. */
  choose(nin: string, name: DifferenceName | 'none'): void {
    this.#wanted.set(nin, name);
  }

  /** Forgets whom {@link choose} was told of. */
  forget(): void {
    this.#wanted.clear();
  }

  /** In what a person differs; undefined where in nothing. */
  of(person: PregPerson): DifferenceName | undefined {
    return this.#chosen(person)?.name;
  }

  /** The person as the old register tells of it; nobody where it knows none of that number. */
  told(person: PregPerson): PregPerson | 'nobody' {
    return this.#chosen(person)?.told ?? person;
  }

  #chosen(person: PregPerson): Chosen | undefined {
    // All records of a person differ alike.
    const nin = person.newNIN ?? person.nin;
    const wanted = this.#wanted.get(nin);
    if (wanted === 'none') return undefined;
    if (wanted !== undefined) return applied(wanted, person);
    const { seed, differingPercent } = this.#choice;
    if (differingPercent === 0 || drawn(seed, nin, '') % 100 >= differingPercent) return undefined;
    const inTurn = differenceNames
      .map((name) => ({ name, place: drawn(seed, nin, name) }))
      .sort((one, other) => one.place - other.place);
    for (const { name } of inTurn) {
      const chosen = applied(name, person);
      if (chosen !== undefined) return chosen;
    }
    return undefined;
  }
}

interface Chosen {
  readonly name: DifferenceName;
  readonly told: PregPerson | 'nobody';
}

function applied(name: DifferenceName, person: PregPerson): Chosen | undefined {
  const difference: Difference = differences[name];
  const told = difference.of(person);
  return told === undefined ? undefined : { name, told };
}

/** A number between 0 and 2^32 that looks random and is always the same. */
function drawn(seed: number, nin: NationalId | string, purpose: string): number {
  return createHash('sha256').update(`${seed} ${nin} ${purpose}`).digest().readUInt32BE();
}
