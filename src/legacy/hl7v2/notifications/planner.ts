import { asAdapterError } from '../../../errors/errors.js';
import type { ErrorCode } from '../../../errors/catalogue.js';
import type { EventSink } from '../../../operations/events.js';
import type { ChangeNews, NewsPlace } from '../../../registry/change-news.js';
import type { Clock } from '../../../runtime/clock.js';
import { Nap } from './nap.js';
import type { NotificationQueue } from './queue.js';
import { kindsFor, type Receiver } from './receiver.js';

/** What a planner is made of. */
export interface PlannerParts {
  readonly news: ChangeNews;
  readonly queue: Pick<NotificationQueue, 'place' | 'plan'>;
  readonly receivers: readonly Receiver[];
  /** Called when something was queued; must not throw. */
  readonly onQueued: () => void;
  readonly events: EventSink;
  readonly clock: Clock;
}

/** How long to wait for news. */
const POLL_MILLISECONDS = 5_000;
/** Events looked through in one transaction, during which nobody else writes. */
const EVENTS_AT_ONCE = 500;
/** The place is written again although it is the same, so that it is known that nothing was missed up to there. */
const PLACE_AGES_MILLISECONDS = 60 * 60_000;

/**
 * Looks through what the register tells, and queues what receivers want to know of those whom they follow. Several may run on one
 * store: the place where the news end moves together with what is queued.
 */
export class Planner {
  readonly #wanted: ReadonlyMap<string, ReturnType<typeof kindsFor>>;
  readonly #nap: Nap;
  #trouble: ErrorCode | undefined;

  constructor(private readonly parts: PlannerParts) {
    this.#nap = new Nap(parts.clock);
    this.#wanted = new Map(parts.receivers.map(({ id, events }) => [id, kindsFor(events)]));
  }

  /** What went wrong at the last attempt; undefined after one that succeeded. */
  get trouble(): ErrorCode | undefined {
    return this.#trouble;
  }

  /** Plans until the signal aborts; resolves when nothing is touched any more. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    while (!stopped()) {
      const hasMore = this.turn();
      // Without a pause, too: requests get their turn between two pages.
      await this.#nap.rest(hasMore ? 0 : POLL_MILLISECONDS, signal);
    }
  }

  /** There may be news. */
  wake(): void {
    this.#nap.end();
  }

  /** Looks through one page. @returns whether there is more now */
  turn(): boolean {
    try {
      const hasMore = this.#plan();
      this.#trouble = undefined;
      return hasMore;
    } catch (error) {
      const trouble = asAdapterError(error);
      if (this.#trouble !== trouble.code) this.parts.events.emit('changesNotPlanned', { error: trouble });
      this.#trouble = trouble.code;
      return false;
    }
  }

  #plan(): boolean {
    const { news, queue, events } = this.parts;
    const from = queue.place();
    const told = news.since(from, EVENTS_AT_ONCE);
    if (told === undefined || (from !== undefined && isSame(from, told.place))) return false;
    const { changes, place: to, hasMore, hasGap } = told;
    const planned = queue.plan({ from, to, changes, receivers: this.#wanted });
    // Another process was faster; what is left is seen at the next turn.
    if (planned === undefined) return true;
    if (hasGap && from !== undefined) events.emit('notificationsMissed', { since: from.at });
    for (const { id, receiver } of planned.splits) {
      events.emit('identitySplit', { receiver, notificationId: id });
    }
    if (changes.length > 0) {
      events.emit('changesPlanned', { changes: changes.length, queued: planned.queued });
    }
    if (planned.queued > 0) this.parts.onQueued();
    return hasMore;
  }
}

function isSame(one: NewsPlace, other: NewsPlace): boolean {
  return (
    one.feed === other.feed &&
    one.next === other.next &&
    other.at.getTime() - one.at.getTime() < PLACE_AGES_MILLISECONDS
  );
}
