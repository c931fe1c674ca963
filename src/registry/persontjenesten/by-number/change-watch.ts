import { AdapterError } from '../../../errors/errors.js';
import type { Clock } from '../../../runtime/clock.js';
import type { ChangedPerson, ChangeLog, LogNews, LogPosition } from '../../changes/change-log.js';
import { Concern } from '../../changes/event-types.js';

/** More events at once than that are not looked through: reading on anew is cheaper. */
const MOST_EVENTS = 5_000;
/** What two turns of the follower take beyond their waits: a call each, and what it takes to store its answer. */
const MARGIN_MILLISECONDS = 30_000;

/** However seldom the follower has its turn: a protection that is set meanwhile is not known for no longer than that. */
const LONGEST_LAG_MILLISECONDS = 5 * 60_000;

const END_OF_TIME = new Date(8_640_000_000_000_000);

/** What a watch reads from. */
export interface ChangeWatchParts {
  readonly log: Pick<ChangeLog, 'since' | 'read'>;
  /** How long the follower waits between two turns. */
  readonly pollSeconds: number;
  /** How long an event counts that was told before the first reading. */
  readonly settlingMilliseconds: number;
  readonly clock: Clock;
}

/** What the log told since it was last read. */
export interface News {
  /** Whom; `anybody` when it is not known whom, and nothing from before can be relied on. */
  readonly told: readonly ChangedPerson[] | 'anybody';
  /** Whether the log is known to have caught up with the feed, at most two waits of its follower and five minutes ago. */
  readonly isCurrent: boolean;
}

/**
 * Reads the log of changes from where it was last read to its end, whoever writes it: the follower of this process or of
 * another one with the same store.
 */
export class ChangeWatch {
  #last: { readonly position: LogPosition; readonly readAt: number } | undefined;
  #wasTried = false;
  readonly #limit: number;

  constructor(private readonly parts: ChangeWatchParts) {
    this.#limit = Math.min(2 * parts.pollSeconds * 1_000 + MARGIN_MILLISECONDS, LONGEST_LAG_MILLISECONDS);
  }

  /** @returns undefined when the log cannot be read, or was not begun: nothing at all is known then */
  read(): News | undefined {
    const { log, clock } = this.parts;
    const now = clock.now().getTime();
    const isFirst = !this.#wasTried;
    this.#wasTried = true;
    let news: LogNews | undefined;
    let told: News['told'] = [];
    try {
      news = log.since(this.#last?.position, MOST_EVENTS);
      if (news !== undefined) told = isFirst ? this.#toldBefore(news, now) : this.#toldIn(news);
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error;
      return undefined;
    }
    if (news === undefined) {
      this.#last = undefined;
      return undefined;
    }
    this.#last = { position: news.position, readAt: now };
    return { told, isCurrent: this.#isCurrent(news, now) };
  }

  /** Whom events told of a little while before the first reading, by this process or by another one. */
  #toldBefore({ answersFrom }: LogNews, now: number): News['told'] {
    const { log, settlingMilliseconds } = this.parts;
    const lately = { from: new Date(now - settlingMilliseconds), to: END_OF_TIME };
    if (answersFrom > lately.from) return 'anybody';
    return log.read((reader) =>
      reader.count(lately, Concern.Record, MOST_EVENTS + 1) > MOST_EVENTS
        ? 'anybody'
        : reader.people(lately, Concern.Record),
    );
  }

  #toldIn({ people, answersFrom }: LogNews): News['told'] {
    if (people === undefined || this.#last === undefined) return 'anybody';
    // What retention has deleted meanwhile is not told any more.
    return answersFrom.getTime() <= this.#last.readAt ? people : 'anybody';
  }

  #isCurrent({ caughtUpAt, newest, position }: LogNews, now: number): boolean {
    if (caughtUpAt === undefined || (newest !== undefined && newest >= position.next)) return false;
    const lag = now - caughtUpAt.getTime();
    return lag >= 0 && lag <= this.#limit;
  }
}
