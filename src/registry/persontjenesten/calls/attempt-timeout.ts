import { AdapterError, UpstreamTimeout } from '../../../errors/errors.js';
import { alarm, type Clock } from '../../../runtime/clock.js';
import { abortError } from '../abort-error.js';
import type { ApiRequest, ApiResponse } from '../transport.js';
import type { Layer, Send } from './layer.js';

/** Persontjenesten was asked and stayed silent, for as long as an attempt may take or for most of that. */
export class CallTimeout extends UpstreamTimeout {}

/** Whoever waited for so much of the whole time has seen that nothing comes. */
const ENOUGH = 0.5;

/** Ends an attempt that takes too long. */
export class AttemptTimeout implements Layer {
  constructor(
    private readonly milliseconds: number,
    private readonly clock: Clock,
  ) {}

  /** @throws CallTimeout when time is up, or when the deadline comes after most of it */
  async send(request: ApiRequest, next: Send): Promise<ApiResponse> {
    if (request.signal.aborted) throw abortError(request.signal, 'the deadline passed before the call');
    const startedAt = this.clock.now().getTime();
    const ended = new AbortController();
    const giveUp = (): void => {
      const reason: unknown = request.signal.reason;
      const waited = this.clock.now().getTime() - startedAt;
      ended.abort(
        isDeadline(reason) && waited >= this.milliseconds * ENOUGH
          ? new CallTimeout('no answer came before the deadline')
          : reason,
      );
    };
    request.signal.addEventListener('abort', giveUp, { once: true });
    const stopAlarm = alarm(this.clock, this.milliseconds, () => {
      ended.abort(new CallTimeout('no answer came in the time that a call may take'));
    });
    try {
      return await next({ ...request, signal: ended.signal });
    } finally {
      request.signal.removeEventListener('abort', giveUp);
      stopAlarm();
    }
  }
}

/** A signal without an error of ours as its reason is one of time that is up. */
function isDeadline(reason: unknown): boolean {
  return reason instanceof UpstreamTimeout || !(reason instanceof AdapterError);
}
