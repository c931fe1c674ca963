import type { HelpNumberRecord } from '../person/help-number-record.js';
import type { NationalId } from '../person/national-id.js';
import type { SearchHit } from './search.js';
import type { Caller } from './person-registry.js';

/**
 * The part of the waist that changes something: help numbers (felles hjelpenummer), which the new register has no
 * operations for ("Decided" 11). A rule that is broken is an answer; trouble is an AdapterError.
 */
export interface HelpNumberRegister {
  /** Allots a number to a person. The same client and message id get the same number (Safety S8). */
  add(record: HelpNumberRecord, change: Change): Promise<AddAnswer>;
  /** Changes what is known of a person with a help number: what the revision gives replaces, the rest stays. */
  revise(id: NationalId, revision: Partial<HelpNumberRecord>, change: Change): Promise<ChangeAnswer>;
  /** Makes the survivor answer for the superseded numbers: all of them or none. */
  link(survivor: NationalId, superseded: readonly NationalId[], change: Change): Promise<ChangeAnswer>;
  /** Undoes a link. */
  unlink(survivor: NationalId, superseded: NationalId, change: Change): Promise<ChangeAnswer>;
}

/** On whose behalf something is changed, for the history and to tell a repeated message. */
export interface Change {
  readonly caller: Caller;
  /** The message's own id, by which a repetition is known; undefined when it has none. */
  readonly messageId: string | undefined;
  /** Who asks, where the message tells. */
  readonly requester: string | undefined;
}

/** A rule of the register that a change would break (preg-hl7v3 part 6). */
export type BrokenRule =
  /** No series is configured. */
  | 'no-series'
  /** Every number of the series is in use. */
  | 'series-exhausted'
  /** The message id was used before, with other content. */
  | 'message-id-reused'
  /** Nobody has that number. */
  | 'unknown-number'
  /** Only help numbers can be revised or superseded here. */
  | 'not-a-help-number'
  /** The help number was given out by somebody else, and is not ours to change. */
  | 'not-our-number'
  /** The number is superseded already. */
  | 'superseded'
  /** The survivor is superseded or out of use itself. */
  | 'survivor-superseded'
  /** A number cannot supersede itself. */
  | 'same-number'
  /** The two numbers are not linked. */
  | 'not-linked'
  /** With what is known already, the person would have died before being born. */
  | 'death-before-birth';

/** Refused, with the rule. */
export interface Refusal {
  readonly outcome: 'refused';
  readonly rule: BrokenRule;
}

/** The number allotted, with people who may be the same: same name and birth date. */
export type AddAnswer =
  | {
      readonly outcome: 'done';
      readonly hit: SearchHit;
      readonly possibleDuplicates: readonly NationalId[];
    }
  | Refusal;

/** The person as the record stands after the change: the survivor's after a link. */
export type ChangeAnswer = { readonly outcome: 'done'; readonly hit: SearchHit } | Refusal;
