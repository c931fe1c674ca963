import type { EventSink } from '../../operations/events.js';
import { alarm, type Clock, type StopAlarm } from '../../runtime/clock.js';
import { Span } from '../../runtime/span.js';

/** What is dropped is told of at most once in so long. */
const TELL_MILLISECONDS = 60_000;

/** While people wait for answers, one question is begun in so long: all but a little of the time is theirs. */
const PAUSE_IN_COMPANY = 60;

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
  /** Whether somebody waits for an answer, or did a moment ago. */
  readonly people: { readonly somebody: boolean };
  readonly clock: Clock;
  readonly events: EventSink;
}

/**
 * Lets some work run beside the answers, has a little wait, and drops the rest: it is never in anybody's way. On a machine that
 * has its hands full every question in the background would be seen in the time of some answer, so that it is begun seldom there.
 */
export class ShadowLane {
  readonly #stopped = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #waiting: ShadowWork[] = [];
  #waitingPeople = 0;
  /** Since work was begun in company. */
  #pause: Span | undefined;
  #stopAlarm: StopAlarm | undefined;
  #untold = 0;
  #told: Span | undefined;
  /** Of the last minute and the one before. */
  readonly #drops = { minute: 0, now: 0, before: 0 };

  constructor(private readonly parts: ShadowLaneParts) {}

  /** For about how many people there is room. */
  get room(): number {
    const { maxConcurrent, maxWaiting } = this.parts.limits();
    if (this.#stopped.signal.aborted) return 0;
    const isNext = this.#waiting.length === 0 && this.#running.size < maxConcurrent;
    return isNext ? Infinity : Math.max(0, maxWaiting - this.#waitingPeople);
  }

  /** Work to be done; begun when whoever offers it is done. @returns whether there was room for it */
  offer(work: ShadowWork): boolean {
    if (work.people > this.room) {
      work.drop();
      return false;
    }
    this.#waiting.push(work);
    this.#waitingPeople += work.people;
    this.#startSome();
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
    this.#stopAlarm?.();
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
      this.#startSome();
    });
    this.#running.add(running);
  }

  #startSome(): void {
    const { limits, people, clock } = this.parts;
    while (this.#running.size < limits().maxConcurrent) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      if (people.somebody) {
        const left = this.#pause?.left ?? 0;
        if (left > 0) {
          this.#startLater(left);
          return;
        }
        this.#pause = new Span(clock, PAUSE_IN_COMPANY);
      }
      this.#waiting.shift();
      this.#waitingPeople -= next.people;
      this.#start(next);
    }
  }

  #startLater(milliseconds: number): void {
    this.#stopAlarm ??= alarm(this.parts.clock, milliseconds, () => {
      this.#stopAlarm = undefined;
      this.#startSome();
    });
  }

  #turnMinute(): void {
    const minute = Math.floor(this.parts.clock.now().getTime() / TELL_MILLISECONDS);
    if (minute === this.#drops.minute) return;
    this.#drops.before = minute === this.#drops.minute + 1 ? this.#drops.now : 0;
    this.#drops.now = 0;
    this.#drops.minute = minute;
  }
}
