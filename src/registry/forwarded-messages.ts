/**
 * The messages that were let through to the old register to change it. Which of the two registers gave somebody a number is
 * decided once: the same message goes where it went first (Safety S8). The store fills this port in; everything here may
 * throw StoreFailed.
 */
export interface ForwardedMessages {
  /** Whether the message may have come to the old register. */
  isKnown(message: SentMessage): boolean;
  /** Takes note of a message, durably, before it is let through. A second time changes nothing but the day. */
  remember(message: SentMessage): void;
}

/** What a message is known by. */
export interface SentMessage {
  readonly clientId: string;
  /** The message's own id. */
  readonly messageId: string;
}
