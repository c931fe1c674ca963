import type { NationalId } from '../person/national-id.js';

/** The part of the waist that tells of changes as they are seen, for who passes them on. Throws StoreFailed for trouble. */
export interface ChangeNews {
  /**
   * What was seen since then, in the order of the register.
   * @param place where the last news ended; without one nothing is told, and the news begin here
   * @param most more events than that are not looked through at a time
   * @returns undefined while nothing has been seen yet of what the register tells
   */
  since(place: NewsPlace | undefined, most: number): News | undefined;
}

/** Where news end, to go on from. */
export interface NewsPlace {
  /** Counts how often the register began to number its events anew. */
  readonly feed: number;
  /** The first number that was not looked through. */
  readonly next: bigint;
  /** When that was so. */
  readonly at: Date;
}

/** What was seen. */
export interface News {
  readonly changes: readonly Change[];
  /** Where they end. */
  readonly place: NewsPlace;
  /** Whether there is more to be told now. */
  readonly hasMore: boolean;
  /** Whether something happened between the place that was given and these, of which nothing is known any more. */
  readonly hasGap: boolean;
}

/** Something about a person has changed. */
export interface Change {
  /** Opaque, and the same for all numbers of a person; another one for who was one person before a merger. */
  readonly personId: string;
  /** A number of the person; null where the register did not tell it. */
  readonly nin: NationalId | null;
  readonly kind: ChangeKind;
}

/** What the register says has happened; what is so now has to be looked up. */
export const ChangeKind = {
  /** Something in the record. */
  Record: 'record',
  /** The record is there from now on. */
  Created: 'created',
  /** A number may have given way to another. */
  Number: 'number',
  /** The person turned out to be another one, under whose number they go on. */
  Merged: 'merged',
  /** What had been taken for one person are two. */
  Split: 'split',
} as const;
export type ChangeKind = (typeof ChangeKind)[keyof typeof ChangeKind];
