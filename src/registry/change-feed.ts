import type { CalendarDate } from '../person/calendar-date.js';
import type { NationalId } from '../person/national-id.js';
import type { Caller } from './person-registry.js';
import type { SearchHit } from './search.js';

/**
 * The part of the waist that tells what has changed ("Decided" 10). Time is the time at which this adapter saw a change, so
 * that a client whose intervals follow one another misses nothing.
 */
export interface ChangeFeed {
  /**
   * Everybody whose record changed in the interval, each once, as the record stands today; whatever their status, and a person
   * who was merged away as the one who goes on. In the order of their last change.
   * @throws InvalidQuery for an interval that cannot be answered as it is, ChangesNotFollowed, UpstreamUnavailable when the
   * changes of the interval are not all known yet, and whatever fetching the people fails with
   */
  changes(interval: ChangeInterval, caller: Caller): Promise<readonly SearchHit[]>;
  /**
   * Numbers that gave way to another: all that the people had of whom the interval tells that a number changed, or that two
   * became one. In the order of the people's last change, of one person the newest first.
   * @throws as {@link ChangeFeed.changes}
   */
  identityChanges(interval: ChangeInterval, caller: Caller): Promise<readonly IdentityChange[]>;
}

/** From an instant on, up to another that is not included any more; without one until now. */
export interface ChangeInterval {
  readonly from: Date;
  readonly to: Date | undefined;
}

/** A number that another one took the place of. */
export interface IdentityChange {
  /** The number in use. */
  readonly nin: NationalId;
  /** The number that gave way; null where the client's profile does not show it. */
  readonly oldNIN: NationalId | null;
  /** The day on which it did; null where nobody knows or the profile does not show it. */
  readonly dateStatus: CalendarDate | null;
}
