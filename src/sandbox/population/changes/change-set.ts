import { createHash } from 'node:crypto';
import type { Dice } from '../generated/dice.js';
import { SyntheticNumbers, type NumberSource } from '../generated/synthetic-numbers.js';
import { textAt, type PersonDocument } from '../person-document.js';
import type { Population } from '../population.js';
import { ImpossibleChange, UnknownPerson } from './impossible-change.js';
import { PersonEdit, type Moment } from './person-edit.js';

/** All documents that one change touches. The population stays as it is until the change is whole. */
export class ChangeSet {
  readonly moment: Moment;
  readonly dice: Dice;
  /** Numbers that nobody has. */
  readonly freeNumbers: NumberSource;
  readonly #population: Population;
  readonly #edits = new Map<string, PersonEdit>();
  readonly #discontinued = new Set<string>();

  constructor(population: Population, moment: Moment, dice: Dice) {
    this.#population = population;
    this.moment = moment;
    this.dice = dice;
    this.freeNumbers = new SyntheticNumbers(dice, (number) => population.has(number));
  }

  /** The person with that number. Throws UnknownPerson, and ImpossibleChange for a day before the person was born. */
  person(nin: string): PersonEdit {
    const found = this.find(nin);
    if (found === undefined) throw new UnknownPerson();
    const born = textAt(found.current('birth')[0], 'birthDate')?.slice(0, 10) ?? '';
    if (this.moment.day < born) throw new ImpossibleChange('The day is before the birth.');
    return found;
  }

  /** The person with that number; undefined for nobody and for numbers that have no document. */
  find(nin: string | undefined): PersonEdit | undefined {
    const document = nin === undefined ? undefined : this.#population.find(nin);
    return document === undefined ? undefined : (this.#edits.get(document.id) ?? this.open(document));
  }

  /** A person who is not in the population yet. */
  newcomer(number: string): PersonEdit {
    const id = createHash('sha256').update(`newcomer ${number}`).digest('hex');
    return this.open({ id, sequenceNumber: 0 });
  }

  /** Begins the next version of a document. */
  open(document: PersonDocument): PersonEdit {
    const edit = new PersonEdit(document, this.moment);
    this.#edits.set(document.id, edit);
    return edit;
  }

  /** Leaves the person without a document. */
  discontinue(person: PersonEdit): void {
    this.#discontinued.add(person.id);
  }

  isDiscontinued(person: PersonEdit): boolean {
    return this.#discontinued.has(person.id);
  }

  /** Whoever has a new version, in the order in which they came into the change. */
  changed(): readonly PersonEdit[] {
    return [...this.#edits.values()].filter((edit) => edit.events().length > 0);
  }
}
