import type { NationalId } from '../../person/national-id.js';

/** An event of the feed: who, and what kind of change (persontjenesten-api 9). */
export interface FeedEvent {
  /** Its number in the feed, below 2⁶³: more digits than a float holds. */
  readonly sequence: bigint;
  /** Opaque. */
  readonly personId: string;
  /** As the feed calls it; `Unknown` where it does not say. */
  readonly type: string;
  /** A number of the person; null where the event tells none that can be one. */
  readonly nin: NationalId | null;
}
