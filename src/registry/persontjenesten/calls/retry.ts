import { UpstreamRateLimited, UpstreamUnavailable, type AdapterError } from '../../../errors/errors.js';
import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';
import { abortError } from '../abort-error.js';
import { operationOf } from '../operation-name.js';
import type { ApiRequest, ApiResponse } from '../transport.js';
import { CallTimeout } from './attempt-timeout.js';
import { fraction } from './fraction.js';
import type { Layer, Send } from './layer.js';
import { CallsSuspended, TurnRefused } from './refusals.js';
import { wishOf } from './retry-after.js';
import { LONGEST_PAUSE_WAITED_SECONDS } from './turns.js';

/** What trying again takes. */
export interface RetryParts {
  /** How often a call is made again, at most. */
  readonly retries: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

const FIRST_MILLISECONDS = 200;
const LONGEST_MILLISECONDS = 2_000;

/** Tries again what failed for a reason that passes by itself. Everything that Persontjenesten is asked only reads. */
export class Retry implements Layer {
  constructor(private readonly parts: RetryParts) {}

  async send(request: ApiRequest, next: Send): Promise<ApiResponse> {
    const { triedBefore = 0 } = request;
    // What follows a failure is a retry, whatever it asks for: it keeps the distance of one.
    if (triedBefore > 0) await this.#wait(this.#pause(1), request.signal);
    for (let retry = triedBefore + 1; ; retry += 1) {
      try {
        return await next(request);
      } catch (error) {
        const pause = this.#pauseAfter(error, retry, request);
        if (pause === undefined) throw error;
        await this.#wait(pause, request.signal);
      }
    }
  }

  /** How long to wait before another try, in milliseconds; undefined where there is none. */
  #pauseAfter(error: unknown, retry: number, request: ApiRequest): number | undefined {
    const { retries, clock, events } = this.parts;
    if (retry > retries || request.signal.aborted || !isPassing(error)) return undefined;
    if (request.isDivisible === true && mayBeOfWhatIsAsked(error)) return undefined;
    const asked = wishOf(error) ?? 0;
    const pause = Math.max(this.#pause(retry), asked * 1_000);
    const { deadline } = request;
    const isInVain = deadline !== undefined && clock.now().getTime() + pause >= deadline.getTime();
    if (asked > LONGEST_PAUSE_WAITED_SECONDS || isInVain) return undefined;
    events.emit('callRetried', {
      correlationId: request.correlationId,
      operation: operationOf(request.path),
      error,
      retry,
      inMilliseconds: pause,
    });
    return pause;
  }

  /** Half of it at random, so that those who failed together do not come again together. */
  #pause(retry: number): number {
    const whole = Math.min(FIRST_MILLISECONDS * 2 ** (retry - 1), LONGEST_MILLISECONDS);
    return (whole * (1 + fraction(this.parts.random))) / 2;
  }

  async #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    try {
      await this.parts.clock.sleep(milliseconds, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw abortError(signal, 'the deadline passed before another try');
    }
  }
}

/**
 * No answer, or a failure: it may be due to one of those who are asked for, or to their number. Not what was refused here, nor
 * where Persontjenesten said for how long it cannot serve: that is true of every call.
 */
export function mayBeOfWhatIsAsked(error: unknown): error is UpstreamUnavailable | CallTimeout {
  if (error instanceof CallTimeout) return true;
  return (
    error instanceof UpstreamUnavailable &&
    !(error instanceof CallsSuspended) &&
    error.retryAfterSeconds === undefined
  );
}

/**
 * No answer, or one that Persontjenesten cannot serve at present. Not what was refused here, since that is meant for this very
 * caller; nor trouble at HelseID, which is tried again where tokens come from, once for all who wait.
 */
function isPassing(error: unknown): error is AdapterError {
  if (error instanceof CallsSuspended || error instanceof TurnRefused) return false;
  // A 429 that does not say for how long may be meant for hours.
  if (error instanceof UpstreamRateLimited) return error.retryAfterSeconds !== undefined;
  return error instanceof UpstreamUnavailable || error instanceof CallTimeout;
}
