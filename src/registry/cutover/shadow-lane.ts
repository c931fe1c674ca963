import type { EventSink } from '../../operations/events.js';
import type { Clock } from '../../runtime/clock.js';
import { Span } from '../../runtime/span.js';

/** What is dropped is told of at most once in so long. */
const TELL_MILLISECONDS = 60_000;

/** Work that nobody waits for. */
export interface ShadowWork {
  /** About how many people it is. */
  readonly people: number;
  /** Called instead of `run` where it comes to nothing. */
  drop(): void;
  /** Ends soon when the signal aborts. Never fails. */
  run(signal: AbortSignal): Promise<void>;
}

/** How much of it there may be. */
export interface ShadowLimits {
  readonly maxConcurrent: number;
  /** In people, since a question may be about a hundred of them. */
  readonly maxWaiting: number;
}

/** What a lane is made of. */
export interface ShadowLaneParts {
  /** As they are now. */
  readonly limits: () => ShadowLimits;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** Lets some work run beside the answers, has a little wait, and drops the rest: it is never in anybody's way. */
export class ShadowLane {
  readonly #stopped = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #waiting: ShadowWork[] = [];
  #waitingPeople = 0;
  #untold = 0;
  #told: Span | undefined;
  /** Of the last minute and the one before. */
  readonly #drops = { minute: 0, now: 0, before: 0 };

  constructor(private readonly parts: ShadowLaneParts) {}

  /** For about how many people there is room. */
  get room(): number {
    const { maxConcurrent, maxWaiting } = this.parts.limits();
    if (this.#stopped.signal.aborted) return 0;
    return this.#running.size < maxConcurrent ? Infinity : Math.max(0, maxWaiting - this.#waitingPeople);
  }

  /** Work to be done; begun when whoever offers it is done. @returns whether there was room for it */
  offer(work: ShadowWork): boolean {
    if (work.people > this.room) {
      work.drop();
      return false;
    }
    if (this.#running.size < this.parts.limits().maxConcurrent) {
      this.#start(work);
    } else {
      this.#waiting.push(work);
      this.#waitingPeople += work.people;
    }
    return true;
  }

  /** Takes note of people who are not compared, and tells of them. */
  drop(people: number): void {
    if (people <= 0 || this.#stopped.signal.aborted) return;
    this.#turnMinute();
    this.#drops.now += people;
    this.#untold += people;
    if (this.#told !== undefined && this.#told.left > 0) return;
    this.#told = new Span(this.parts.clock, TELL_MILLISECONDS);
    this.parts.events.emit('comparisonsDropped', { people: this.#untold });
    this.#untold = 0;
  }

  /** How many people were dropped within the last minute or two. */
  get dropped(): number {
    this.#turnMinute();
    return this.#drops.now + this.#drops.before;
  }

  /** Ends what runs, and forgets what waits. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    for (const work of this.#waiting) work.drop();
    this.#waiting = [];
    this.#waitingPeople = 0;
    await Promise.all(this.#running);
  }

  #start(work: ShadowWork): void {
    const run = async (): Promise<void> => {
      // The answer goes first.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#stopped.signal.aborted) work.drop();
      else await work.run(this.#stopped.signal);
    };
    const running = run().finally(() => {
      this.#running.delete(running);
      this.#startWaiting();
    });
    this.#running.add(running);
  }

  #startWaiting(): void {
    while (this.#running.size < this.parts.limits().maxConcurrent) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#waitingPeople -= next.people;
      this.#start(next);
    }
  }

  #turnMinute(): void {
    const minute = Math.floor(this.parts.clock.now().getTime() / TELL_MILLISECONDS);
    if (minute === this.#drops.minute) return;
    this.#drops.before = minute === this.#drops.minute + 1 ? this.#drops.now : 0;
    this.#drops.now = 0;
    this.#drops.minute = minute;
  }
}
