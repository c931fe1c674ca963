import { UpstreamRateLimited, UpstreamUnavailable } from '../../../errors/errors.js';
import type { ApiResponse } from '../transport.js';

/** No wish to be left alone is heeded for longer: a mistake in it must not silence the adapter for a day. */
export const LONGEST_WISH_SECONDS = 60 * 60;

/**
 * How long the other side wants to be left alone, in whole seconds: `Retry-After` (RFC 9110 10.2.3) as a number or as a
 * date. A date counts from the answer's own, so that the two clocks need not agree, and from `now` where it has none.
 */
export function retryAfterSeconds({ headers }: ApiResponse, now: Date): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^[0-9]{1,10}$/.test(value)) return Math.min(Number(value), LONGEST_WISH_SECONDS);
  const until = timeOf(value);
  if (until === undefined) return undefined;
  const seconds = Math.ceil((until - (timeOf(headers['date'] ?? '') ?? now.getTime())) / 1_000);
  return Math.min(Math.max(seconds, 0), LONGEST_WISH_SECONDS);
}

/** The one form of dates that may still be sent (RFC 9110 5.6.7); whatever else Date.parse takes means nothing here. */
function timeOf(text: string): number | undefined {
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) {
    return undefined;
  }
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** How long the other side wants to be left alone as an error tells it, in seconds. */
export function wishOf(error: unknown): number | undefined {
  return error instanceof UpstreamRateLimited || error instanceof UpstreamUnavailable
    ? error.retryAfterSeconds
    : undefined;
}
