import type { NationalId } from '../../person/national-id.js';
import type { Concern } from './event-types.js';
import type { FeedEvent } from './feed-event.js';

/**
 * What has been read of the event feed, each event with the time at which it was seen: the port of the store. One follower
 * writes at a time, also where several processes share a store. Every operation throws StoreFailed for trouble.
 */
export interface ChangeLog {
  /** How far the log is; undefined before its beginning. */
  state(): LogState | undefined;
  /** Gives the log to that follower until then, unless another one has it. @returns whether it has it */
  take(follower: string, until: Date): boolean;
  /** Lets another follower have it. */
  release(follower: string): void;
  /**
   * Begins the log, or begins it anew for a feed that began anew: nothing from before is told of any more.
   * @param next the number that is read next
   * @returns false when the log is another follower's by now, and nothing was done
   */
  begin(follower: string, next: bigint): boolean;
  /**
   * Adds events in the order of their numbers, and the number that is read next, all or nothing. Those below the number that was
   * to be read next are there already.
   * @returns false when the log is another follower's by now, and nothing was done
   */
  append(follower: string, page: SeenPage): boolean;
  /** Takes note of how far the feed is: its newest number, and that everything was read which was there at that time. */
  note(follower: string, progress: FeedProgress): void;
  /**
   * Whom events told of since that position: a cheap read that waits for nobody.
   * @param most more events than that are not looked through
   * @returns undefined before the beginning of the log; nobody without a position, which is where it is now
   */
  since(position: LogPosition | undefined, most: number): LogNews | undefined;
  /** Reads while nobody writes: what is added afterwards was seen at the present time or later. */
  read<Result>(work: (reader: ChangeLogReader) => Result): Result;
}

/** The events of a log one by one, for who passes them on. */
export interface LoggedEvents {
  /**
   * Events from a position on, in the order of their numbers, at most so many; none without a position. A cheap read that waits
   * for nobody.
   * @returns undefined before the beginning of the log
   * @throws StoreFailed
   */
  eventsFrom(position: LogPosition | undefined, most: number): EventsOfLog | undefined;
}

/** Events, and what is known besides. */
export interface EventsOfLog {
  /** Undefined when the position is not one of this log. */
  readonly events: readonly LoggedEvent[] | undefined;
  /** The position after them. */
  readonly position: LogPosition;
  /** The position after everything. */
  readonly end: LogPosition;
  /** Events that were seen before it are deleted, or were never read. */
  readonly answersFrom: Date;
  /** What is added afterwards was seen at this time or later. */
  readonly at: Date;
}

/** An event as the log tells it. */
export interface LoggedEvent {
  readonly personId: string;
  /** The newest number of the person that is known. */
  readonly nin: NationalId | null;
  readonly type: string;
}

/** How far a log is. */
export interface LogState {
  /** The number that is read next. */
  readonly next: bigint;
  /** Intervals that begin before it cannot be answered. */
  readonly answersFrom: Date;
  /** Everything that was in the feed at that time has been read; undefined before that was so for the first time. */
  readonly caughtUpAt: Date | undefined;
  /** The newest number that the feed was seen to have. */
  readonly newest: bigint | undefined;
}

/** A place in the log, to go on from. */
export interface LogPosition {
  /** Counts how often the log was begun. */
  readonly feed: number;
  /** The first number that was not in the log. */
  readonly next: bigint;
}

/** What a log told since a position. */
export interface LogNews extends Omit<LogState, 'next'> {
  /** Where it is now. */
  readonly position: LogPosition;
  /**
   * Everybody of whom an event told, each once. Undefined when it is not known of whom: the position is not one of this
   * log, there were too many events, or there is {@link isRemarkableGap a gap} among them.
   */
  readonly people: readonly ChangedPerson[] | undefined;
}

/** A gap of more numbers than that between two events is told: events that upstream forgot look like this, too. */
const REMARKABLE_GAP = 10_000n;

/** What a log reads next that began when the feed was empty. */
const FIRST_OF_ALL = 1n;

/**
 * Whether so many numbers are nobody's between what was to be read next and what was found that events may be missing. Before
 * the first event of a feed that was empty nothing is.
 */
export function isRemarkableGap(next: bigint, found: bigint): boolean {
  return next !== FIRST_OF_ALL && found - next > REMARKABLE_GAP;
}

/** Events that were read together. */
export interface SeenPage {
  readonly events: readonly FeedEvent[];
  readonly next: bigint;
}

/** How far the feed was seen to be. */
export interface FeedProgress {
  readonly newest: bigint;
  readonly caughtUpAt: Date | undefined;
}

/** What a log tells. */
export interface ChangeLogReader {
  readonly state: LogState | undefined;
  /** How many people events of that concern, or of a higher one, tell of; counted no further than `most`. */
  count(interval: SeenInterval, concern: Exclude<Concern, 0>, most: number): number;
  /** Those people, in the order of their last event. */
  people(interval: SeenInterval, concern: Exclude<Concern, 0>): readonly ChangedPerson[];
}

/** From a time on, up to another that is not included. */
export interface SeenInterval {
  readonly from: Date;
  readonly to: Date;
}

/** A person whom events told of. */
export interface ChangedPerson {
  readonly personId: string;
  /** The number that the person was last told of by. */
  readonly nin: NationalId | null;
}
