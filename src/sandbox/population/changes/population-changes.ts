import { dayInNorway } from '../../../person/calendar-date.js';
import type { Clock } from '../../../runtime/clock.js';
import type { EventDocument, EventFeed } from '../../events/event-feed.js';
import { Dice } from '../generated/dice.js';
import type { PersonDocument } from '../person-document.js';
import type { Population } from '../population.js';
import { registerBirth } from './birth.js';
import type { Change } from './change.js';
import { ChangeSet } from './change-set.js';
import { die } from './death.js';
import { divorce, marry } from './marriage.js';
import { merge } from './merge.js';
import { Mergers } from './mergers.js';
import { move } from './move.js';
import { rename } from './name.js';
import { giveNewNumber } from './new-number.js';
import type { PersonEdit } from './person-edit.js';
import { liftProtection, protect } from './protection.js';
import { split } from './split.js';

/** What changes are made with. */
export interface PopulationChangesOptions {
  readonly population: Population;
  readonly events: EventFeed;
  readonly clock: Clock;
  /** The same seed invents the same addresses and numbers; default 1. */
  readonly seed?: number;
}

/** What came of a change. */
export interface AppliedChange {
  /** The person that the change was about; of a birth, the child; of a merger, the kept person; of a split, the restored one. */
  readonly personId: string;
  /** Their number in use now. */
  readonly nin: string | undefined;
  /** The events of everybody whose document changed, in order. */
  readonly events: readonly EventDocument[];
}

const STREAM = -1;

/** Makes things happen to the population: documents get their next version, and the feed tells of it. */
export class PopulationChanges {
  readonly #options: PopulationChangesOptions;
  readonly #dice: Dice;
  readonly #mergers = new Mergers();

  constructor(options: PopulationChangesOptions) {
    this.#options = options;
    this.#dice = new Dice(options.seed ?? 1, STREAM);
  }

  /**
   * Applies a change, wholly or not at all.
   * Throws UnknownPerson for a number that nobody has, ImpossibleChange for what cannot happen to these persons.
   */
  apply(change: Change): AppliedChange {
    const { population, clock } = this.#options;
    const now = clock.now();
    const moment = {
      day: change.date ?? dayInNorway(now),
      registeredAt: `${now.toISOString().slice(0, 19)}Z`,
    };
    const set = new ChangeSet(population, moment, this.#dice);
    const person = this.#happen(set, change);
    const events = this.#publish(set);
    return { personId: person.id, nin: person.number, events };
  }

  #happen(set: ChangeSet, change: Change): PersonEdit {
    switch (change.type) {
      case 'death':
        return die(set, change);
      case 'move':
        return move(set, change);
      case 'protect':
        return protect(set, change);
      case 'lift-protection':
        return liftProtection(set, change);
      case 'new-number':
        return giveNewNumber(set, change);
      case 'merge':
        return merge(set, change, this.#mergers);
      case 'split':
        return split(set, change, this.#mergers);
      case 'name':
        return rename(set, change);
      case 'birth':
        return registerBirth(set, change);
      case 'marriage':
        return marry(set, change);
      case 'divorce':
        return divorce(set, change);
    }
  }

  /** The last event of a person has the sequence number of the document (persontjenesten-api 9). */
  #publish(set: ChangeSet): readonly EventDocument[] {
    const { population, events } = this.#options;
    const told: EventDocument[] = [];
    const versions: PersonDocument[] = [];
    for (const person of set.changed()) {
      let sequenceNumber = 0;
      for (const eventType of person.events()) {
        sequenceNumber = events.append({ personId: person.id, eventType, nin: person.number });
        const newest = events.latest();
        if (newest !== undefined) told.push(newest);
      }
      if (set.isDiscontinued(person)) population.remove(person.id);
      else versions.push({ ...person.document, sequenceNumber });
    }
    for (const document of versions) population.put(document);
    return told;
  }
}
