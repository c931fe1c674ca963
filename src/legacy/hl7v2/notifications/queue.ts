import type { NationalId } from '../../../person/national-id.js';
import type { Change, ChangeKind, NewsPlace } from '../../../registry/change-news.js';

/** Events of HL7 that receivers can be sent. */
export const triggers = ['A28', 'A31', 'A40'] as const;
export type Trigger = (typeof triggers)[number];

/**
 * Why a message was not taken, or not sent. Kept beside what could not be sent, and told to whoever looks.
 */
export const Problem = {
  /** The receiver could not be reached. */
  NoConnection: 'no-connection',
  /** The connection was lost, or the time over, before an answer came. */
  NoAnswer: 'no-answer',
  /** AE or CE. */
  ReceiverError: 'receiver-error',
  /** AR or CR. */
  Refused: 'refused',
  /** An answer that is none to this message, or none at all. */
  WrongAnswer: 'wrong-answer',
  /** The person's record cannot be read, or no message made of it. */
  NotBuilt: 'not-built',
  /** The register does not know the number, or does not tell of the merger that it announced. */
  NotConfirmed: 'not-confirmed',
  /** Two who were taken for one: nothing can be sent that would say so. */
  Split: 'split',
} as const;
export type Problem = (typeof Problem)[keyof typeof Problem];

/**
 * What a message is about: a kind of change, or whether a number gave way meanwhile that its event spoke of too early, for the
 * first time and for the last.
 */
export const Again = { First: 'number-again', Last: 'number-last' } as const;
export type Again = (typeof Again)[keyof typeof Again];

/**
 * What is to be sent, and what could not be: the port of the store. Of each message it holds whom it is about and what kind of
 * change it tells; the rest is looked up when it is sent. Every operation throws StoreFailed for trouble.
 */
export interface NotificationQueue {
  /** How far changes were looked through; undefined before the first time. */
  place(): NewsPlace | undefined;
  /**
   * Queues what is told of those whom receivers follow, and moves the place, all or nothing.
   * @returns undefined when the place is another one by now, and nothing was done
   */
  plan(page: PageOfNews): Planned | undefined;
  /** Gives the receiver to that sender until then, unless another one has it. @returns whether it has it */
  take(receiver: string, sender: string, until: Date): boolean;
  /** Lets another sender have it. */
  release(receiver: string, sender: string): void;
  /**
   * The next one that may be sent: nothing of the same person that waits is older. What is seen from now on is another one.
   * @returns undefined when there is none, or another sender has the receiver
   */
  claim(receiver: string, sender: string): QueuedNotification | undefined;
  /**
   * Takes note, before it is sent, that it is; whoever finds it after a crash sends it again under the same control id.
   * @returns its control id (MSH-10): another one when something else is sent than the last time, since a receiver may take what
   * has the same id for the same message; undefined when another sender has the receiver by now, and it must not be sent
   */
  sending(id: number, sender: string, trigger: Trigger, until: Date): string | undefined;
  /** It was taken. After a merger the number that is in use now is followed in place of the old one. */
  delivered(id: number, inPlace?: NationalId): void;
  /** It was taken, and the same is asked again then; nothing waits for that. One question of a number is enough. */
  lookAgain(id: number, kind: Again, due: Date): void;
  /** Tries it again then. With a problem it counts as a failure; without one nothing was tried. */
  postpone(id: number, due: Date, problem?: Problem): void;
  /** Gives it up: it stays until somebody has seen it. */
  bury(id: number, problem: Problem): void;
  /** Whether there is one that may be sent. */
  hasDue(receiver: string): boolean;
  /** Everything that waits for the receiver is failing from now on, unless it is already. */
  markFailing(receiver: string): void;
  /** Gives up some of what has been failing since then or longer. @returns which, none when none is left */
  buryFailing(receiver: string, since: Date, problem: Problem): readonly number[];
  /** The receiver is there: what did not fail on its own account is not failing any more. */
  markReachable(receiver: string): void;
  /** What is waiting and dead; for health. */
  counts(): QueueCounts;
}

/** A page of news, and what receivers want of it. */
export interface PageOfNews {
  /** Where the news were asked for. */
  readonly from: NewsPlace | undefined;
  readonly to: NewsPlace;
  readonly changes: readonly Change[];
  /** The kinds of changes that each receiver is told of. */
  readonly receivers: ReadonlyMap<string, ReadonlySet<ChangeKind>>;
}

/** What became of a page. */
export interface Planned {
  /** How many messages are new. */
  readonly queued: number;
  /** Those that nothing can be sent for. */
  readonly splits: readonly { readonly id: number; readonly receiver: string }[];
}

/** Something to be sent. */
export interface QueuedNotification {
  readonly id: number;
  readonly receiver: string;
  /** Opened when it is read. @throws SealBroken, UnknownSealingKey */
  readonly number: NationalId;
  readonly kind: ChangeKind | Again;
  readonly queuedAt: Date;
  /** How often it was sent. */
  readonly attempts: number;
  /** In a row. */
  readonly failures: number;
  readonly failingSince: Date | undefined;
  /** Whether the receiver was told that the number gave way, or did not take it. */
  readonly mergerSettled: boolean;
}

/** How much there is. */
export interface QueueCounts {
  readonly waiting: number;
  /** Of those, how many have failed at least once. */
  readonly failing: number;
  readonly oldest: Date | undefined;
  readonly dead: number;
  /** Of the dead, how many nobody has looked at. */
  readonly unseen: number;
  /** Receivers of messages that fail, and of those that nobody has looked at. */
  readonly receivers: { readonly failing: readonly string[]; readonly unseen: readonly string[] };
}

/** One of the queue, as an operator sees it. */
export interface NotificationView {
  readonly id: number;
  readonly receiver: string;
  readonly kind: string;
  readonly controlId: string;
  readonly state: 'waiting' | 'dead';
  readonly queuedAt: Date;
  readonly dueAt: Date;
  readonly attempts: number;
  readonly sentAs: string | null;
  readonly problem: string | null;
  readonly diedAt: Date | null;
  readonly seenAt: Date | null;
  /** Whom it is about; opened when it is read. @throws SealBroken, UnknownSealingKey */
  readonly number: NationalId;
}

/** What an operator does with the queue. */
export interface NotificationLists {
  /** The dead, the newest first, or what waits, the oldest first. */
  list(wanted: {
    readonly receiver?: string | undefined;
    readonly state: 'waiting' | 'dead';
    readonly limit: number;
  }): readonly NotificationView[];
  byId(id: number): NotificationView | undefined;
  /** Takes note that somebody looked at it. */
  see(id: number): void;
  /** Has a dead one sent again. @returns whether there was one that can be, of somebody who is followed */
  retry(id: number): boolean;
  /** Deletes a dead one. @returns whether there was one */
  discard(id: number): boolean;
}
