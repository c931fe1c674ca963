import { networkOf } from '../../access/caller-network.js';
import type { Protocol } from '../../access/legacy-client.js';
import type { EventSink } from '../../operations/events.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import { Gate, type Crowding, type Place } from './gate.js';
import { Refusals, type Refusing } from './refusals.js';

/** What a doorkeeper needs. */
export interface DoorkeeperParts {
  /** How many requests may be under way at a time. */
  readonly places: number;
  /** How long a request may wait for its turn when many have come at once, in milliseconds. */
  readonly longestWait?: number | undefined;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Pick<Random, 'uuid'>;
}

/** Somebody whom there is no time for, and what to tell them. */
export interface TurnedAway extends Refusing {
  readonly turnedAway: true;
}

/**
 * Stands at every door through which requests come: lets in those whom there is time for, by where they come from, since nothing else is
 * known of them yet, and counts the others.
 */
export class Doorkeeper {
  readonly #gate: Gate;
  readonly #refusals: Refusals;
  readonly #events: EventSink;
  #late = 0;

  constructor({ places, longestWait, ...parts }: DoorkeeperParts) {
    this.#events = parts.events;
    this.#gate = new Gate(parts.clock, places, longestWait);
    this.#refusals = new Refusals(parts);
  }

  /**
   * A place for a request from that address, or what to tell it.
   * @param protocol null where it is for none
   * @param makeRoom has somebody give way who need not have a place; false where there is nobody like that
   */
  admit(
    remoteAddress: string,
    protocol: Protocol | null,
    makeRoom: () => boolean = () => false,
  ): Place | TurnedAway {
    const network = networkOf(remoteAddress);
    let entered = this.#gate.enter(network);
    if (entered === 'no-place' && makeRoom()) entered = this.#gate.enter(network);
    return typeof entered === 'string' ? this.#turnAway(network, protocol, entered) : entered;
  }

  /** What to tell somebody from that address whom there is no place for by a rule of the listener's own. */
  turnAway(remoteAddress: string, protocol: Protocol | null): TurnedAway {
    return this.#turnAway(networkOf(remoteAddress), protocol, 'no-place');
  }

  #turnAway(network: string, protocol: Protocol | null, crowding: Crowding): TurnedAway {
    const { correlationId, at } = this.#refusals.count(network, protocol, crowding);
    return { turnedAway: true, correlationId, at };
  }

  /** Counts somebody who came when nothing new was begun any more, and was told so. */
  countLate(): void {
    this.#late += 1;
  }

  /** Tells of those of whom nothing was told yet; for when nobody comes any more. */
  close(): void {
    this.#refusals.tell();
    if (this.#late > 0) this.#events.emit('requestsCameLate', { count: this.#late });
    this.#late = 0;
  }
}
