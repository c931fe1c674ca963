import { UpstreamRateLimited, UpstreamUnavailable } from '../../../errors/errors.js';
import type { Clock } from '../../../runtime/clock.js';
import type { ApiRequest, ApiResponse } from '../transport.js';
import type { Layer, Send } from './layer.js';
import { retryAfterSeconds } from './retry-after.js';

/**
 * Whether Persontjenesten could serve the call at all (persontjenesten-api 7). What it says when it could, refusals
 * included, is for whoever asked.
 * @throws UpstreamRateLimited for 429, UpstreamUnavailable for 408 and 5xx
 */
export function mustBeServed(response: ApiResponse, now?: Date): void {
  const { status } = response;
  const isLimited = status === 429;
  if (!isLimited && status !== 408 && status < 500) return;
  const wish = now === undefined ? undefined : retryAfterSeconds(response, now);
  if (isLimited) throw new UpstreamRateLimited('status 429', wish);
  throw new UpstreamUnavailable(`status ${status}`, undefined, wish);
}

/** Makes errors of the answers that tell of trouble which passes, so that the layers around it know them by their class. */
export class Served implements Layer {
  constructor(private readonly clock: Clock) {}

  async send(request: ApiRequest, next: Send): Promise<ApiResponse> {
    const response = await next(request);
    mustBeServed(response, this.clock.now());
    return response;
  }
}
