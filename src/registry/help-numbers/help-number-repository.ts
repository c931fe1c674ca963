import type { HelpNumberRecord } from '../../person/help-number-record.js';
import type { NationalId } from '../../person/national-id.js';
import type { CorrelationId } from '../../runtime/correlation.js';
import type { TraitQuery } from './traits.js';

/**
 * Where the register of help numbers is kept. The store fills this port in. Everything read or written may throw
 * StoreFailed; then nothing was changed.
 */
export interface HelpNumberRepository {
  /** Whether the number was ever given out here. */
  isAllotted(number: NationalId): boolean;
  /** What is known of a number that was given out here. */
  find(number: NationalId): HelpNumberEntry | undefined;
  /** The same of many at once; those that were not given out here are missing. */
  findAll(numbers: readonly NationalId[]): ReadonlyMap<NationalId, HelpNumberEntry>;
  /** The numbers given out here for which another one answers, the last one linked first. */
  supersededBy(survivor: NationalId): readonly NationalId[];
  /** The same of many at once; those that answer for none are missing. */
  supersededByEach(survivors: readonly NationalId[]): ReadonlyMap<NationalId, readonly NationalId[]>;
  /**
   * People whose number is not superseded, in the order in which they were added, one page at a time. Traits are
   * coarse: there may be people among them whom the criteria do not fit.
   * @param after `next` of the page before, 0 for the first
   */
  people(traits: TraitQuery, after: number): PeoplePage;
  /** What was answered to a message, if a message of that client and id was; undefined otherwise. */
  answerTo(message: MessageKey): RememberedAnswer | undefined;
  /** Every change that touched a number, the oldest first. Survivors have a history too, whoever gave them out. */
  history(number: NationalId): Iterable<HelpNumberChange>;
  /**
   * Runs a change: all of it or none, with nobody else writing meanwhile, and durable when it returns. The work reads
   * through this repository and sees what it has written. What it touched goes into the history by itself.
   */
  change<Result>(by: ChangeOrigin, work: (writer: HelpNumberWriter) => Result): Result;
}

/** What a change may do. Every method works at once. */
export interface HelpNumberWriter {
  /** Gives a number out. @returns false when it was given out before, and nothing is changed */
  insert(number: NationalId, record: HelpNumberRecord): boolean;
  /** Puts another record in the place of a number's. */
  replace(number: NationalId, record: HelpNumberRecord): void;
  /** Lets a survivor answer for a number, in the place of the one that does so now, if any. */
  link(superseded: NationalId, survivor: NationalId): void;
  /** Lets a number answer for itself again. */
  unlink(superseded: NationalId): void;
  /** Remembers what a message was answered. */
  remember(message: MessageKey, answer: AnswerToRemember): void;
}

/** A number given out here. */
export interface HelpNumberEntry {
  readonly number: NationalId;
  readonly record: HelpNumberRecord;
  /** The number that answers in its place; null while it answers for itself. */
  readonly survivor: NationalId | null;
}

/** A part of a long list. */
export interface PeoplePage {
  readonly entries: readonly HelpNumberEntry[];
  /** Where the next page begins; undefined after the last one. */
  readonly next: number | undefined;
}

/** What a message is known by. */
export interface MessageKey {
  readonly clientId: string;
  readonly messageId: string;
  /** What the message asks, in a form that is the same whenever the same is asked. */
  readonly content: string;
}

/** What a message was answered, in a form from which the answer can be made again. */
export interface AnswerToRemember {
  readonly number: NationalId;
  /** The record as it stood then; null where it is the population register that tells of the person. */
  readonly record: HelpNumberRecord | null;
  readonly superseded: readonly NationalId[];
  readonly possibleDuplicates: readonly NationalId[];
}

/** What a message was answered before. */
export interface RememberedAnswer extends AnswerToRemember {
  /** Whether the same was asked then. */
  readonly isSameContent: boolean;
}

/** What can be done to the register. */
export type HelpNumberOperation = 'add' | 'revise' | 'link' | 'unlink';

/** Who changes something, and when. */
export interface ChangeOrigin {
  readonly at: Date;
  readonly correlationId: CorrelationId;
  /** `clients[].id` of the configuration. */
  readonly clientId: string;
  /** The person who asked, where the message told. */
  readonly requester: string | undefined;
  readonly operation: HelpNumberOperation;
}

/** One entry of the history. */
export interface HelpNumberChange {
  /** Ascending over the whole register. */
  readonly seq: number;
  readonly at: Date;
  readonly correlationId: string;
  readonly clientId: string;
  readonly requester: string | undefined;
  readonly operation: string;
  readonly number: NationalId;
  /** Null for a number that had not been given out. */
  readonly before: NumberState | null;
  readonly after: NumberState;
}

/** How things stood with a number. */
export interface NumberState {
  /** Null for a number that this register did not give out. */
  readonly record: HelpNumberRecord | null;
  readonly survivor: NationalId | null;
  readonly superseded: readonly NationalId[];
}
