import { checkDigitsFor } from '../../../person/national-id.js';
import { civilDate, twoDigits, type Day } from './day.js';
import type { Dice } from './dice.js';

export type Gender = 'Female' | 'Male';

/** Where a family under construction gets its numbers from. */
export interface NumberSource {
  /** A fødselsnummer, month + 80 (or + 65), so that it can never be given to a living person. */
  nationalId(born: Day, gender: Gender): string;
  /** A D-number: day + 40, month as above. */
  dNumber(born: Day, gender: Gender): string;
  /** A felles hjelpenummer: first digit 8 or 9. */
  alternate(): string;
  /** A DUF number of the year 0000. */
  duf(): string;
}

/** Individual numbers by year of birth (persontjenesten-api 11: ranges as widened for D-numbers are not used). */
function individualNumbers(year: number): { readonly first: number; readonly last: number } {
  if (year < 1900) return { first: 500, last: 749 };
  if (year < 2000) return { first: 0, last: 499 };
  return { first: 500, last: 999 };
}

/** Makes numbers with valid check digits that nobody in the population has yet. */
export class SyntheticNumbers implements NumberSource {
  readonly #dice: Dice;
  readonly #isTaken: (number: string) => boolean;
  readonly #given: string[] = [];

  /** `isTaken` tells the numbers of all persons before this family. */
  constructor(dice: Dice, isTaken: (number: string) => boolean) {
    this.#dice = dice;
    this.#isTaken = isTaken;
  }

  /** The numbers given so far, in order. */
  get given(): readonly string[] {
    return this.#given;
  }

  nationalId(born: Day, gender: Gender): string {
    return this.#dated(born, gender, 0);
  }

  dNumber(born: Day, gender: Gender): string {
    return this.#dated(born, gender, 40);
  }

  alternate(): string {
    for (;;) {
      const digits = [
        this.#dice.between(8, 9),
        this.#dice.below(10),
        twoDigits(this.#dice.between(81, 92)),
        String(this.#dice.below(100_000)).padStart(5, '0'),
      ].join('');
      const number = this.#complete(digits);
      if (number !== undefined) return number;
    }
  }

  duf(): string {
    for (;;) {
      const number = `0000${String(this.#dice.below(100_000_000)).padStart(8, '0')}`;
      if (this.#isFree(number)) return this.#give(number);
    }
  }

  #dated(born: Day, gender: Gender, dayOffset: number): string {
    const { year, month, dayOfMonth } = civilDate(born);
    const { first, last } = individualNumbers(year);
    const size = last - first + 1;
    const start = this.#dice.below(size);
    const preferred = this.#dice.chance(0.1) ? 65 : 80;
    for (const monthOffset of [preferred, 145 - preferred]) {
      const date = `${twoDigits(dayOfMonth + dayOffset)}${twoDigits(month + monthOffset)}${twoDigits(year % 100)}`;
      for (let step = 0; step < size; step += 1) {
        const individual = first + ((start + step) % size);
        if ((individual % 2 === 0) !== (gender === 'Female')) continue;
        const number = this.#complete(date + String(individual).padStart(3, '0'));
        if (number !== undefined) return number;
      }
    }
    throw new RangeError('all synthetic numbers of one day of birth are in use: the population is too large');
  }

  #complete(nineDigits: string): string | undefined {
    const checkDigits = checkDigitsFor(nineDigits);
    if (checkDigits === undefined) return undefined;
    const number = nineDigits + checkDigits;
    return this.#isFree(number) ? this.#give(number) : undefined;
  }

  #isFree(number: string): boolean {
    return !this.#isTaken(number) && !this.#given.includes(number);
  }

  #give(number: string): string {
    this.#given.push(number);
    return number;
  }
}

/** Hands out, in the same order, the numbers that a family got when it was made for the first time. */
export class RememberedNumbers implements NumberSource {
  readonly #numbers: readonly string[];
  #next = 0;

  constructor(numbers: readonly string[]) {
    this.#numbers = numbers;
  }

  nationalId(): string {
    return this.#take();
  }

  dNumber(): string {
    return this.#take();
  }

  alternate(): string {
    return this.#take();
  }

  duf(): string {
    return this.#take();
  }

  #take(): string {
    const number = this.#numbers[this.#next];
    if (number === undefined) throw new RangeError('the family asks for more numbers than it got');
    this.#next += 1;
    return number;
  }
}
