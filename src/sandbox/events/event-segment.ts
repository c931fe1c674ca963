import type { EventDocument, SlimEvent } from './event-feed.js';
import type { EventType } from './event-types.js';

const CAPACITY = 16_384;

/** A stretch of the feed, kept in columns: an event is no object until it is asked for, so that millions fit in memory. */
export class EventSegment {
  readonly #numbers = new Float64Array(CAPACITY);
  readonly #types: EventType[] = [];
  readonly #personIds: string[] = [];
  readonly #nins: (string | undefined)[] = [];

  get count(): number {
    return this.#types.length;
  }

  get isFull(): boolean {
    return this.count === CAPACITY;
  }

  /** The highest number. */
  get last(): number {
    return this.#numbers[this.count - 1] ?? 0;
  }

  /** Adds an event; its number has to be above `last`. */
  add(number: number, { personId, eventType, nin }: SlimEvent): void {
    this.#numbers[this.count] = number;
    this.#types.push(eventType);
    this.#personIds.push(personId);
    this.#nins.push(nin);
  }

  /** Place of the first event with a number as high as this one; `count` when there is none. */
  firstFrom(number: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  typeAt(place: number): EventType {
    const type = this.#types[place];
    if (type === undefined) throw new RangeError(`no event at place ${place}`);
    return type;
  }

  /** The event at a place; RangeError where there is none. */
  event(place: number): EventDocument {
    const nin = this.#nins[place];
    return {
      sequenceNumber: String(this.#numbers[place]),
      personId: this.#personIds[place] ?? '',
      eventType: this.typeAt(place),
      ...(nin === undefined ? {} : { nin }),
    };
  }
}
