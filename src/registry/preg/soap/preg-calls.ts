import {
  CallerLeft,
  PregRefused,
  PregRejected,
  PregUnavailable,
  UpstreamRateLimited,
  UpstreamUnavailable,
} from '../../../errors/errors.js';
import type { AdapterEvents, EventSink } from '../../../operations/events.js';
import { withDeadline } from '../../../runtime/deadline.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Caller, Lane } from '../../person-registry.js';
import { abortError } from '../../persontjenesten/abort-error.js';
import { Breaker, type Report, type Verdict } from '../../persontjenesten/calls/breaker.js';
import { Turns } from '../../persontjenesten/calls/turns.js';
import { pregServiceNames, type PregServiceName } from '../preg-service.js';
import type { PregSettings } from './preg-service-parts.js';

/** When a service is left alone for a while: as it is usual for Persontjenesten. */
const breakerSettings = { failurePercent: 50, minimumCalls: 20, windowSeconds: 30, openSeconds: 10 };

/** So many may wait for each that is under way; one more would wait in vain. */
const WAITING_FOR_EACH = 16;

/** Questions in the background and batches take no more than this part of the calls. */
const BATCH_PART = 0.5;

/** Whoever waited for so much of the whole time has seen that nothing comes. */
const ENOUGH = 0.5;

/** How many questions PREG is asked at a time, for how long, and whether at all. */
export class PregCalls {
  readonly #turns: Turns;
  readonly #breakers: ReadonlyMap<PregServiceName, Breaker>;
  /** Of questions in the background, whose trouble is nobody else's. */
  readonly #ofShadows: ReadonlyMap<PregServiceName, Breaker>;
  readonly #milliseconds: number;

  constructor(
    settings: Pick<PregSettings, 'callTimeoutSeconds' | 'maxConcurrentCalls'>,
    private readonly clock: Clock,
    events: EventSink,
  ) {
    const { callTimeoutSeconds, maxConcurrentCalls } = settings;
    this.#milliseconds = callTimeoutSeconds * 1_000;
    this.#turns = new Turns(
      {
        maxConcurrentCalls,
        maxConcurrentBatchCalls: Math.max(1, Math.floor(maxConcurrentCalls * BATCH_PART)),
        maxWaitingCalls: maxConcurrentCalls * WAITING_FOR_EACH,
      },
      clock,
      silent,
    );
    this.#ofShadows = new Map(
      pregServiceNames.map((service) => [service, pregBreaker(service, clock, silent)]),
    );
    this.#breakers = new Map(
      pregServiceNames.map((service) => [service, pregBreaker(service, clock, events)]),
    );
  }

  /**
   * Does `work` when it is its turn.
   * @throws PregUnavailable when there is no turn, no hope or no time; what the caller's signal was aborted with; what work throws
   */
  async make<T>(
    service: PregServiceName,
    caller: Pick<Caller, 'clientId' | 'lane' | 'signal' | 'deadline' | 'correlationId'>,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { clientId, lane = 'interactive', signal, deadline, correlationId } = caller;
    const turn = await this.#turns.take({ clientId, lane, signal, deadline }).catch((error: unknown) => {
      throw ofPreg(error);
    });
    try {
      // After the turn: who waited while a service was given up is told at once.
      const report = await this.#admit(service, lane, correlationId);
      const startedAt = this.clock.now().getTime();
      try {
        const result = await this.#inTime(signal, work);
        report('answers');
        return result;
      } catch (error) {
        report(
          verdictOf(error, signal, this.clock.now().getTime() - startedAt >= this.#milliseconds * ENOUGH),
        );
        throw error;
      }
    } finally {
      turn.end();
    }
  }

  async #admit(
    service: PregServiceName,
    lane: Lane,
    correlationId: Caller['correlationId'],
  ): Promise<Report> {
    const ofAnswers = this.#breakers.get(service);
    if (lane === 'shadow' && ofAnswers?.isOpen === true) {
      throw new PregUnavailable(
        'PREG is not asked in the background for a while, since too many calls failed',
      );
    }
    const breaker = lane === 'shadow' ? this.#ofShadows.get(service) : ofAnswers;
    if (breaker === undefined) return () => undefined;
    for (let probe = breaker.probeOf(correlationId); probe; probe = breaker.probeOf(correlationId)) {
      await probe;
    }
    try {
      return breaker.admit(correlationId);
    } catch (error) {
      throw ofPreg(error);
    }
  }

  #inTime<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withDeadline(
      {
        clock: this.clock,
        milliseconds: this.#milliseconds,
        signal,
        timeUp: () => new PregUnavailable('no answer came in the time that a call may take'),
        givenUp: () => abortError(signal, 'the deadline passed while waiting for PREG'),
      },
      work,
    );
  }
}

function pregBreaker(service: PregServiceName, clock: Clock, events: EventSink): Breaker {
  const emit: EventSink['emit'] = (name, event) => {
    if (name === 'breakerChanged' && isBreakerChange(event)) {
      events.emit('pregBreakerChanged', { service, ...event });
    }
  };
  return new Breaker({ settings: breakerSettings, clock, events: { emit }, onOpen: () => undefined });
}

function isBreakerChange(event: object): event is AdapterEvents['breakerChanged'] {
  return 'state' in event;
}

/** Waiting for turns tells nothing: no limit of PREG's own is known. */
const silent: EventSink = { emit: () => undefined };

/** What breaker and turns say of Persontjenesten, said of PREG. */
function ofPreg(error: unknown): unknown {
  if (error instanceof UpstreamRateLimited) return new PregUnavailable('too many questions wait for PREG');
  if (error instanceof UpstreamUnavailable) {
    return new PregUnavailable('PREG is not asked for a while, since too many calls failed');
  }
  return error;
}

/** What an error tells of PREG. A refusal is an answer; a caller who left tells nothing. */
function verdictOf(error: unknown, { aborted, reason }: AbortSignal, waitedLong: boolean): Verdict {
  if (aborted) return waitedLong && !(reason instanceof CallerLeft) ? 'fails' : 'unknown';
  if (error instanceof PregUnavailable) return 'fails';
  return error instanceof PregRejected || error instanceof PregRefused ? 'answers' : 'unknown';
}
