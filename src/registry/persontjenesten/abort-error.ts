import { AdapterError, UpstreamTimeout } from '../../errors/errors.js';

/** What a wait ends with: whoever aborts may say why with an error of ours, such as a caller who left; else time is up. */
export function abortError({ reason }: AbortSignal, message: string): AdapterError {
  return reason instanceof AdapterError ? reason : new UpstreamTimeout(message);
}
