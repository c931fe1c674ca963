import { asAdapterError, UpstreamInvalidAnswer, UpstreamTimeout } from '../../../errors/errors.js';
import type { ErrorCode } from '../../../errors/catalogue.js';
import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import { newCorrelationId, type CorrelationId } from '../../../runtime/correlation.js';
import type { Random } from '../../../runtime/random.js';
import type { Access, Organisation } from '../../person-registry.js';
import type { ApiVersion } from '../api-version.js';
import type { Transport } from '../transport.js';
import { backOff } from './back-off.js';
import { isRemarkableGap, type ChangeLog, type LogState } from '../../changes/change-log.js';
import { isKnownType } from '../../changes/event-types.js';
import { EventsClient, type FeedReader } from './events-client.js';
import type { FeedEvent } from '../../changes/feed-event.js';

/** What a follower is made of. */
export interface FollowerParts {
  readonly transport: Transport;
  readonly version: ApiVersion;
  readonly log: ChangeLog;
  /** On whose behalf the feed is read; it holds no data about people but their numbers. */
  readonly organisation: Organisation;
  readonly access: Access;
  /** How long to wait when everything has been read. */
  readonly pollMilliseconds: number;
  /** Called after each turn, whether or not this follower has the log; must not throw. */
  readonly onTurn?: (() => void) | undefined;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** How long a call may take. */
const CALL_MILLISECONDS = 30_000;
/** How long the log is held beyond what it is held for: a call, and what it takes to store its answer. */
const HELD_MILLISECONDS = CALL_MILLISECONDS + 15_000;
/** How often in a row the feed has to end before what was read of it, until it counts as one that began anew. */
const ENDINGS_BELIEVED = 5;

/**
 * Follows the event feed: from its newest event on when the log is empty, else from where the log ends. Runs until it is
 * stopped; trouble is told as an event and waited out. docs/events.md tells how.
 */
export class EventFollower {
  readonly #client: EventsClient;
  /** Names this follower towards others with the same store. */
  readonly #name: string;
  #failures = 0;
  #trouble: ErrorCode | undefined;
  #endings = 0;
  #target: { readonly newest: bigint; readonly seenAt: Date } | undefined;

  constructor(private readonly parts: FollowerParts) {
    this.#client = new EventsClient(parts.transport, parts.version);
    this.#name = parts.random.uuid();
  }

  /** What went wrong at the last attempt; undefined after one that succeeded. */
  get trouble(): ErrorCode | undefined {
    return this.#trouble;
  }

  /** Follows until the signal aborts; resolves when nothing is touched any more. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    const stopped = (): boolean => signal.aborted;
    while (!stopped()) {
      const pause = await this.#turn(signal);
      this.parts.onTurn?.();
      try {
        // Without a pause, too: requests get their turn between two pages.
        await clock.sleep(pause, signal);
      } catch (error) {
        if (!stopped()) throw error;
      }
    }
    this.#release();
  }

  /** One call, or nothing. @returns for how long there is nothing to do, in milliseconds */
  async #turn(signal: AbortSignal): Promise<number> {
    const { log, random, events, pollMilliseconds } = this.parts;
    const correlationId = newCorrelationId(random);
    try {
      if (!log.take(this.#name, this.#after(HELD_MILLISECONDS))) {
        this.#forget();
        return pollMilliseconds;
      }
      const pause = await this.#step(correlationId, signal);
      this.#failures = 0;
      this.#trouble = undefined;
      if (pause > 0) log.take(this.#name, this.#after(pause + HELD_MILLISECONDS));
      return pause;
    } catch (error) {
      if (signal.aborted) return 0;
      const trouble = asAdapterError(error);
      this.#failures += 1;
      this.#trouble = trouble.code;
      this.#forget();
      this.#release();
      const pause = backOff(this.#failures, trouble, random);
      events.emit('eventsNotRead', {
        correlationId,
        error: trouble,
        failures: this.#failures,
        retryInSeconds: Math.ceil(pause / 1_000),
      });
      return pause;
    }
  }

  async #step(correlationId: CorrelationId, signal: AbortSignal): Promise<number> {
    const state = this.parts.log.state();
    if (state === undefined || this.#target === undefined) return this.#look(state, correlationId, signal);
    if (state.next > this.#target.newest) return this.#caughtUp();
    return this.#read(state, correlationId, signal);
  }

  /** Asks how far the feed is; everything up to there is read before it is asked again. */
  async #look(
    state: LogState | undefined,
    correlationId: CorrelationId,
    signal: AbortSignal,
  ): Promise<number> {
    const { log, clock, events, pollMilliseconds } = this.parts;
    // What happens while the answer is on its way may be beyond it.
    const seenAt = clock.now();
    const latest = await this.#call(correlationId, signal, (reader) => this.#client.latest(reader));
    const newest = latest?.sequence ?? 0n;
    if (state === undefined) {
      if (log.begin(this.#name, newest + 1n)) events.emit('eventLogBegun', { anew: false });
      return 0;
    }
    if (newest < state.next - 1n) {
      this.#endings += 1;
      if (this.#endings < ENDINGS_BELIEVED) {
        events.emit('eventFeedEndsEarly', { correlationId, times: this.#endings });
        return pollMilliseconds;
      }
      if (log.begin(this.#name, newest + 1n)) events.emit('eventLogBegun', { anew: true });
      this.#endings = 0;
      return 0;
    }
    this.#endings = 0;
    this.#target = { newest, seenAt };
    log.note(this.#name, { newest, caughtUpAt: undefined });
    return state.next > newest ? this.#caughtUp() : 0;
  }

  #caughtUp(): number {
    const { log, pollMilliseconds } = this.parts;
    const target = this.#target;
    if (target !== undefined) log.note(this.#name, { newest: target.newest, caughtUpAt: target.seenAt });
    this.#target = undefined;
    return pollMilliseconds;
  }

  async #read({ next }: LogState, correlationId: CorrelationId, signal: AbortSignal): Promise<number> {
    const page = await this.#call(correlationId, signal, (reader) => this.#client.page(next, reader));
    const fresh = inOrder(page, next);
    const first = fresh.at(0);
    const last = fresh.at(-1);
    if (first === undefined || last === undefined) {
      throw new UpstreamInvalidAnswer('the feed tells of a newer event and does not give it');
    }
    const isMine = this.parts.log.append(this.#name, { events: fresh, next: last.sequence + 1n });
    if (isMine) this.#tell(fresh, { next, found: first.sequence }, correlationId);
    else this.#forget();
    return 0;
  }

  #tell(
    fresh: readonly FeedEvent[],
    { next, found }: { readonly next: bigint; readonly found: bigint },
    correlationId: CorrelationId,
  ): void {
    const { events } = this.parts;
    const unknownTypes = fresh.filter(({ type }) => !isKnownType(type)).map(({ type }) => type);
    events.emit('eventsRead', { correlationId, events: fresh.length, unknownTypes: unknownTypes.length });
    for (const type of new Set(unknownTypes)) events.emit('unknownEventType', { correlationId, type });
    if (isRemarkableGap(next, found)) {
      events.emit('eventFeedGap', { correlationId, numbers: String(found - next) });
    }
  }

  async #call<Answer>(
    correlationId: CorrelationId,
    signal: AbortSignal,
    ask: (reader: FeedReader) => Promise<Answer>,
  ): Promise<Answer> {
    const { organisation, access, clock } = this.parts;
    const ended = new AbortController();
    const watch = new AbortController();
    const end = (): void => {
      ended.abort(new UpstreamTimeout('the event feed gave no answer in time'));
    };
    signal.addEventListener('abort', end, { once: true, signal: watch.signal });
    clock.sleep(CALL_MILLISECONDS, watch.signal).then(end, () => {
      // The answer was there first.
    });
    try {
      return await ask({ organisation, access, correlationId, signal: ended.signal });
    } finally {
      watch.abort();
    }
  }

  /** How far the feed was seen to be is old once something else happened in between. */
  #forget(): void {
    this.#target = undefined;
  }

  #release(): void {
    try {
      this.parts.log.release(this.#name);
    } catch {
      // It ends by itself.
    }
  }

  #after(milliseconds: number): Date {
    return new Date(this.parts.clock.now().getTime() + milliseconds);
  }
}

/** What a page has that was not read before, each once, in the order of the feed. */
function inOrder(page: readonly FeedEvent[], next: bigint): readonly FeedEvent[] {
  const fresh = new Map<bigint, FeedEvent>();
  for (const event of page) {
    if (event.sequence >= next && !fresh.has(event.sequence)) fresh.set(event.sequence, event);
  }
  return [...fresh.values()].sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
}
