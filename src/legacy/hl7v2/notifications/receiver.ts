import type { LegacyClient } from '../../../access/legacy-client.js';
import { ChangeKind } from '../../../registry/change-news.js';
import type { HeaderParty, Hl7Version } from '../message/header.js';
import type { Trigger } from './queue.js';

/** A system that is told of changes: one of `hl7v2.notifications.receivers`. */
export interface Receiver {
  readonly id: string;
  /** On whose behalf people are looked up, and with whose eyes. */
  readonly client: LegacyClient;
  /** Whether that client was switched off since the start: then nothing is sent, and what waits is kept. */
  readonly isOff?: (() => boolean) | undefined;
  /** MSH-5 and MSH-6. */
  readonly party: HeaderParty;
  readonly version: Hl7Version;
  /** MSH-18. */
  readonly charset: string;
  /** MSH-11. */
  readonly processingId: string;
  /** What it is sent. */
  readonly events: ReadonlySet<Trigger>;
  /** Whether its client follows whom it looks up. */
  readonly subscribesOnLookup: boolean;
}

const kindsOf: Readonly<Record<Trigger, readonly ChangeKind[]>> = {
  A28: [ChangeKind.Created],
  A31: Object.values(ChangeKind),
  A40: [ChangeKind.Number, ChangeKind.Merged, ChangeKind.Split],
};

/** The kinds of changes that may lead to one of these messages. */
export function kindsFor(events: ReadonlySet<Trigger>): ReadonlySet<ChangeKind> {
  return new Set([...events].flatMap((event) => kindsOf[event]));
}
