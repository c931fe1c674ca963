import type { AdapterError } from '../../../errors/errors.js';
import type { EventSink } from '../../../operations/events.js';
import { alarm, type Clock } from '../../../runtime/clock.js';
import { Span } from '../../../runtime/span.js';
import type { Lane } from '../../person-registry.js';
import { abortError } from '../abort-error.js';
import type { ApiRequest } from '../transport.js';
import { FairQueue, type Place } from './fair-queue.js';
import { RateBudget } from './rate-budget.js';
import { QueueFull, TurnRefused } from './refusals.js';

/** How many calls there may be. */
export interface TurnSettings {
  readonly maxConcurrentCalls: number;
  readonly maxConcurrentBatchCalls: number;
  readonly maxWaitingCalls: number;
  /** No limit when absent. */
  readonly callsPerSecond?: number | undefined;
}

/** Who wants a turn. */
export type TurnRequest = Pick<ApiRequest, 'clientId' | 'lane' | 'signal' | 'deadline'>;

/** A call that is under way. To be ended, whatever became of it; a second end changes nothing. */
export interface Turn {
  end(): void;
}

/** For no longer than this somebody waits until Persontjenesten wants to hear of us again. */
export const LONGEST_PAUSE_WAITED_SECONDS = 5;

/** So many interactive calls go before a batch that waits; then one of the batch does. */
const BATCH_PATIENCE = 7;

/** A shadow waits for no longer than this. */
const SHADOW_PATIENCE_MILLISECONDS = 10_000;

/** It goes only while less than this part of what is allowed is under way. */
const SHADOW_PART = 0.5;

interface Waiting extends TurnRequest {
  readonly go: (turn: Turn) => void;
  readonly refuse: (error: AdapterError) => void;
  readonly stopWatching: () => void;
}

/**
 * Decides whose call goes next, for all that goes to one upstream: limits on calls under way and per second, interactive
 * work before batch, the clients of each lane in turns, and silence for as long as the other side wants it. A shadow goes where
 * nobody else waits and half of everything stays free, and is refused before anybody else is.
 */
export class Turns {
  readonly #waiting: Readonly<Record<Lane, FairQueue<Waiting>>> = {
    interactive: new FairQueue(),
    batch: new FairQueue(),
    shadow: new FairQueue(),
  };
  readonly #underWay: Record<Lane, number> = { interactive: 0, batch: 0, shadow: 0 };
  readonly #budget: RateBudget | undefined;
  /** How many interactive calls went since a batch began to wait. */
  #passedOver = 0;
  #pause: Span | undefined;
  #pauses = 0;
  /** How many calls may be under way: all that are allowed, but few after a pause. */
  #allowed: number;
  /** A pause of shadows alone. */
  #shadowPause: Span | undefined;
  #alarm: { readonly at: number; readonly stop: AbortController } | undefined;

  constructor(
    private readonly settings: TurnSettings,
    private readonly clock: Clock,
    private readonly events: EventSink,
  ) {
    this.#allowed = settings.maxConcurrentCalls;
    const { callsPerSecond } = settings;
    this.#budget = callsPerSecond === undefined ? undefined : new RateBudget(callsPerSecond, clock);
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#queues.reduce((sum, { size }) => sum + size, 0);
  }

  /** How many calls are under way. */
  get underWay(): number {
    const { interactive, batch, shadow } = this.#underWay;
    return interactive + batch + shadow;
  }

  /**
   * A turn, as soon as there is one.
   * @throws TurnRefused when too many wait or a pause is too long to wait for; what the signal was aborted with
   */
  take(request: TurnRequest): Promise<Turn> {
    if (request.signal.aborted) return Promise.reject(abortError(request.signal, GIVEN_UP));
    const tooLong = this.#tooLong(request);
    if (tooLong !== undefined) return Promise.reject(tooLong);
    if (this.waiting === 0 && this.#mayGo(request.lane) && this.#waitOf(request.lane) === 0) {
      return Promise.resolve(this.#begin(request.lane));
    }
    return new Promise((resolve, reject) => {
      const { clientId, lane, signal, deadline } = request;
      const leave = (): void => {
        this.#waiting[lane].remove(place);
        stopWatching();
        this.#restIfIdle();
      };
      const giveUp = (): void => {
        leave();
        reject(abortError(signal, GIVEN_UP));
      };
      const stopAlarm =
        lane === 'shadow'
          ? alarm(this.clock, SHADOW_PATIENCE_MILLISECONDS, () => {
              leave();
              reject(new TurnRefused('nothing was left for a question in the background'));
            })
          : undefined;
      const stopWatching = (): void => {
        stopAlarm?.();
        signal.removeEventListener('abort', giveUp);
      };
      const place = this.#waiting[lane].push(clientId, {
        clientId,
        lane,
        signal,
        deadline,
        go: resolve,
        refuse: reject,
        stopWatching,
      });
      signal.addEventListener('abort', giveUp, { once: true });
      this.#letGo();
      if (this.waiting > this.settings.maxWaitingCalls) this.#refuseOneFor(place, lane);
    });
  }

  /**
   * Lets no call go for so long. Whoever cannot wait until then is refused at once; afterwards calls go one at first, and one
   * more at a time for each that ends.
   */
  holdBack(milliseconds: number): void {
    this.#pauses += 1;
    this.#allowed = 1;
    if (milliseconds <= this.#pauseLeft) return;
    this.#pause = new Span(this.clock, milliseconds);
    this.events.emit('callsHeldBack', { seconds: milliseconds / 1_000 });
    this.#refuseWhere((waiting) => this.#tooLong(waiting));
  }

  /** Lets no shadow go for so long, since one was told that there are too many calls; the others find out by themselves. */
  holdBackShadows(milliseconds: number): void {
    if (milliseconds > (this.#shadowPause?.left ?? 0)) this.#shadowPause = new Span(this.clock, milliseconds);
    this.#refuseWhere((waiting) => this.#tooLong(waiting));
  }

  /** Refuses everybody who waits; calls under way are not touched. */
  refuseWaiting(error: AdapterError): void {
    this.#refuseWhere(() => error);
  }

  #refuseWhere(errorFor: (waiting: Waiting) => AdapterError | undefined): void {
    for (const queue of this.#queues) {
      for (const place of queue.places) {
        const error = errorFor(place.item);
        if (error === undefined) continue;
        queue.remove(place);
        refuse(place.item, error);
      }
    }
    this.#restIfIdle();
  }

  get #queues(): readonly FairQueue<Waiting>[] {
    return [this.#waiting.interactive, this.#waiting.batch, this.#waiting.shadow];
  }

  get #pauseLeft(): number {
    return this.#pause?.left ?? 0;
  }

  #tooLong({ deadline, lane }: TurnRequest): TurnRefused | undefined {
    const left = Math.max(this.#pauseLeft, lane === 'shadow' ? (this.#shadowPause?.left ?? 0) : 0);
    if (left === 0) return undefined;
    if (lane === 'shadow')
      return new TurnRefused('there are too many calls already', Math.ceil(left / 1_000));
    const time = deadline === undefined ? Infinity : deadline.getTime() - this.clock.now().getTime();
    if (left <= LONGEST_PAUSE_WAITED_SECONDS * 1_000 && left < time) return undefined;
    return new TurnRefused('Persontjenesten wants to be left alone', Math.ceil(left / 1_000));
  }

  /** One too many waits. The one to go is the last who came of the client of whom most wait, not the last who came. */
  #refuseOneFor(newcomer: Place<Waiting>, lane: Lane): void {
    const { shadow } = this.#waiting;
    let queue = shadow.size > 0 ? shadow : this.#waiting[lane];
    let clientId = queue === shadow ? (shadow.longest?.clientId ?? newcomer.clientId) : newcomer.clientId;
    for (const other of queue === shadow ? [] : this.#queues) {
      const { longest } = other;
      if (longest === undefined || longest.length <= queue.lengthOf(clientId)) continue;
      queue = other;
      clientId = longest.clientId;
    }
    const place = queue.newestOf(clientId);
    if (place === undefined) return;
    queue.remove(place);
    refuse(place.item, new QueueFull('too many calls wait'));
  }

  #letGo(): void {
    while (this.underWay < this.#allowed) {
      const lane = this.#nextLane();
      if (lane === undefined) return;
      const wait = this.#waitOf(lane);
      if (wait > 0) {
        this.#wakeAfter(wait);
        return;
      }
      const next = this.#waiting[lane].shift();
      if (next === undefined) return;
      next.stopWatching();
      next.go(this.#begin(lane));
    }
  }

  /** For how long nobody of a lane may go, in milliseconds. */
  #waitOf(lane: Lane): number {
    const budget = lane === 'shadow' ? this.#budget?.waitToSpare : this.#budget?.wait;
    return Math.max(this.#pauseLeft, budget ?? 0);
  }

  /** Whether the limits leave room for one more. */
  #mayGo(lane: Lane): boolean {
    const { maxConcurrentBatchCalls } = this.settings;
    const { batch, shadow } = this.#underWay;
    if (this.underWay >= this.#allowed) return false;
    if (lane === 'interactive') return true;
    if (lane === 'batch') return batch < maxConcurrentBatchCalls;
    const isIdle = this.underWay === 0 || this.underWay < this.#allowed * SHADOW_PART;
    return isIdle && batch + shadow < maxConcurrentBatchCalls;
  }

  #begin(lane: Lane): Turn {
    const batchWaits = this.#waiting.batch.size > 0;
    this.#passedOver = lane === 'interactive' && batchWaits ? this.#passedOver + 1 : 0;
    this.#budget?.spend();
    this.#underWay[lane] += 1;
    return this.#turn(lane);
  }

  #nextLane(): Lane | undefined {
    const { interactive, batch, shadow } = this.#waiting;
    const batchMayGo = batch.size > 0 && this.#mayGo('batch');
    if (batchMayGo && (interactive.size === 0 || this.#passedOver >= BATCH_PATIENCE)) return 'batch';
    if (interactive.size > 0) return 'interactive';
    return batch.size === 0 && shadow.size > 0 && this.#mayGo('shadow') ? 'shadow' : undefined;
  }

  #turn(lane: Lane): Turn {
    const pauses = this.#pauses;
    let isOver = false;
    return {
      end: () => {
        if (isOver) return;
        isOver = true;
        this.#underWay[lane] -= 1;
        // Only what began after the pause tells that calls are welcome again.
        if (pauses === this.#pauses) {
          this.#allowed = Math.min(this.#allowed + 1, this.settings.maxConcurrentCalls);
        }
        this.#letGo();
      },
    };
  }

  #wakeAfter(milliseconds: number): void {
    const at = this.clock.now().getTime() + milliseconds;
    if (this.#alarm !== undefined && this.#alarm.at <= at) return;
    this.#alarm?.stop.abort();
    const stop = new AbortController();
    this.#alarm = { at, stop };
    this.clock.sleep(milliseconds, stop.signal).then(
      () => {
        this.#alarm = undefined;
        this.#letGo();
      },
      () => {
        // Nobody waits any more, or not for so long.
      },
    );
  }

  #restIfIdle(): void {
    if (this.waiting > 0) return;
    this.#alarm?.stop.abort();
    this.#alarm = undefined;
  }
}

const GIVEN_UP = 'the deadline passed while waiting for a turn';

function refuse({ stopWatching, refuse: tell }: Waiting, error: AdapterError): void {
  stopWatching();
  tell(error);
}
