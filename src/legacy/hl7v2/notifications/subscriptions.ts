import type { NationalId } from '../../../person/national-id.js';

/**
 * Whom receivers follow: nobody else is told of (data minimisation). The port of the store, which keeps numbers sealed and finds
 * them by keyed digests. Every operation throws StoreFailed for trouble.
 */
export interface Subscriptions {
  /** Adds those whom the receiver's client looked up, or takes note that it did so again; all at once. */
  addFound(receiver: string, numbers: readonly NationalId[]): void;
  /** Numbers of whom it is not known under which id changes are told, or not any more; the ones that wait longest. */
  toAskAbout(receiver: string, most: number): readonly NationalId[];
  /** Takes note of ids; null of whom nobody knows, who are asked for again after a day. */
  tellReferences(receiver: string, references: ReadonlyMap<NationalId, string | null>): void;
}

/** How many a receiver follows. */
export interface SubscriptionCount {
  readonly receiver: string;
  readonly all: number;
  /** Those who came by a file, by a lookup, and in place of another number. */
  readonly byFile: number;
  readonly byLookup: number;
  readonly byFollowing: number;
  /** Numbers whose receiver was told of the one in their place. */
  readonly gaveWay: number;
  /** Numbers of whom it is known under which id changes are told. */
  readonly known: number;
}

/**
 * What an operator does with subscriptions. Everything is done in portions, so that nobody waits for long. Whoever is followed no
 * more is told of no more: what waits to be sent is deleted with the subscription.
 */
export interface SubscriptionLists {
  /** When a load begins: later than everything that is there. */
  beginLoad(receiver: string): Date;
  /** Adds numbers, or takes note that they are on the list. @returns how many are new */
  load(receiver: string, numbers: readonly NationalId[], load: Date, options: LoadOptions): number;
  /** Removes some of those that were not in the load. @returns how many, 0 when none is left */
  dropBefore(receiver: string, load: Date): number;
  /** Removes some. @returns how many, 0 when none is left */
  clear(receiver: string): number;
  counts(): readonly SubscriptionCount[];
}

/** How a list is taken. */
export interface LoadOptions {
  /** Whether the list is all there is: what a receiver was told of numbers on it before does not count any more. */
  readonly anew: boolean;
}
