import { UpstreamInvalidAnswer, UpstreamRateLimited, UpstreamUnavailable } from '../../../errors/errors.js';
import type { ApiRequest, ApiResponse } from '../transport.js';
import { CallTimeout } from './attempt-timeout.js';
import type { Breaker, Verdict } from './breaker.js';
import type { Layer, Send } from './layer.js';
import { CallsSuspended, TurnRefused } from './refusals.js';

/** Makes no call while the breaker is open, and tells it how calls end. */
export class BehindBreaker implements Layer {
  /** @param ofShadows of those whose trouble is nobody else's */
  constructor(
    private readonly breaker: Breaker,
    private readonly ofShadows: Breaker,
  ) {}

  /** @throws CallsSuspended */
  async send(request: ApiRequest, next: Send): Promise<ApiResponse> {
    const { correlationId, lane } = request;
    if (lane === 'shadow' && this.breaker.isOpen) {
      throw new CallsSuspended('no call is made in the background, since too many have failed');
    }
    const breaker = lane === 'shadow' ? this.ofShadows : this.breaker;
    for (let probe = breaker.probeOf(correlationId); probe; probe = breaker.probeOf(correlationId)) {
      await probe;
    }
    const report = breaker.admit(correlationId);
    try {
      const response = await next(request);
      report('answers');
      return response;
    } catch (error) {
      report(verdictOf(error, request));
      throw error;
    }
  }
}

/**
 * What an error tells of Persontjenesten. An answer that refuses, or that a firewall gave, is one: asking less helps
 * nobody. Trouble at HelseID, a caller who left and a call that was not made tell nothing.
 */
function verdictOf(error: unknown, { signal }: ApiRequest): Verdict {
  if (error instanceof CallTimeout) return 'fails';
  if (signal.aborted) return 'unknown';
  if (error instanceof UpstreamUnavailable) return 'fails';
  if (error instanceof TurnRefused) return 'unknown';
  return error instanceof UpstreamRateLimited || error instanceof UpstreamInvalidAnswer
    ? 'answers'
    : 'unknown';
}
