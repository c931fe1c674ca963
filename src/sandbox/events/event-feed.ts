import { Dice } from '../population/generated/dice.js';
import { EventSegment } from './event-segment.js';
import type { EventType } from './event-types.js';

/** One event without its number: who, and what kind of change; never the data. */
export interface SlimEvent {
  readonly personId: string;
  readonly eventType: EventType;
  /** The number in use at the time; undefined for a person who has none. */
  readonly nin: string | undefined;
}

/** An event as Persontjenesten delivers it. The sequence number is text (persontjenesten-api 9). */
export interface EventDocument {
  readonly sequenceNumber: string;
  readonly personId: string;
  readonly eventType: EventType;
  readonly nin?: string;
}

/** How a feed is set up. */
export interface EventFeedOptions {
  /** Events get numbers above this one. */
  readonly after: number;
  /** The same seed leaves the same gaps between numbers; default 1. */
  readonly seed?: number;
  /** How many events are kept at least; older ones are forgotten. Default two millions, about 85 MB. */
  readonly kept?: number;
}

/** Which events are asked for. */
export interface EventPage {
  /** The lowest number to include; default the oldest event. */
  readonly from?: number;
  /** Default: all types. */
  readonly types?: ReadonlySet<EventType>;
  readonly limit: number;
}

const KEPT = 2_000_000;
const GAPS_STREAM = -2;

/** The event feed: strictly increasing numbers with gaps, the newest events only, in memory. */
export class EventFeed {
  readonly #dice: Dice;
  readonly #kept: number;
  #segments: EventSegment[] = [];
  #size = 0;
  #last: number;

  constructor({ after, seed = 1, kept = KEPT }: EventFeedOptions) {
    this.#dice = new Dice(seed, GAPS_STREAM);
    this.#kept = kept;
    this.#last = after;
  }

  /** How many events are kept. */
  get size(): number {
    return this.#size;
  }

  /** Adds an event and gives its number, which is above all others. */
  append(event: SlimEvent): number {
    let segment = this.#segments.at(-1);
    if (segment === undefined || segment.isFull) {
      segment = new EventSegment();
      this.#segments.push(segment);
      this.#forget();
    }
    // Most numbers follow one another; the rest have a gap before them, as in the real feed.
    this.#last += this.#dice.chance(0.7) ? 1 : this.#dice.between(2, 9);
    segment.add(this.#last, event);
    this.#size += 1;
    return this.#last;
  }

  /** Adds many events; `eventOf` is asked for each of them, by its place from 0. Gives the last number. */
  appendMany(count: number, eventOf: (index: number) => SlimEvent): number {
    for (let index = 0; index < count; index += 1) this.append(eventOf(index));
    return this.#last;
  }

  /** Leaves out so many numbers before the next event. */
  skip(numbers: number): void {
    this.#last += numbers;
  }

  /** The newest event; undefined when there are none. */
  latest(): EventDocument | undefined {
    const segment = this.#segments.at(-1);
    return segment?.event(segment.count - 1);
  }

  /** The events from a number on, in order. */
  page({ from = 0, types, limit }: EventPage): readonly EventDocument[] {
    const found: EventDocument[] = [];
    let offset: number | undefined;
    for (let index = this.#segmentOf(from); index < this.#segments.length; index += 1) {
      const segment = this.#segments[index];
      if (segment === undefined) break;
      for (offset ??= segment.firstFrom(from); offset < segment.count; offset += 1) {
        if (found.length >= limit) return found;
        if (types === undefined || types.has(segment.typeAt(offset))) found.push(segment.event(offset));
      }
      offset = 0;
    }
    return found;
  }

  /** The first segment that has a number as high as this one. */
  #segmentOf(from: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#segments[middle]?.last ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #forget(): void {
    const oldest = this.#segments[0];
    if (oldest === undefined || this.#size - oldest.count < this.#kept) return;
    this.#size -= oldest.count;
    this.#segments = this.#segments.slice(1);
  }
}
