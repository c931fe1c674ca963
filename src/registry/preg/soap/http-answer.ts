import { isAxiosError, type AxiosResponse } from 'axios';
import { asAdapterError, PregRejected, PregUnavailable, type AdapterError } from '../../../errors/errors.js';
import { callErrorCode, headersOf, wentOverKeptConnection } from '../../../outbound/http-client.js';
import { abortError } from '../../persontjenesten/abort-error.js';

/** Largest answer that is read. A search gives a page, and a list of people some kilobytes for each. */
export const mostOctets = 8 * 1024 * 1024;

/** What came back over HTTP, whatever the status. */
export interface HttpAnswer {
  readonly status: number;
  /** As it was sent; empty where there is none. */
  readonly contentType: string;
  readonly octets: Uint8Array;
  /** Whether it went over a connection that an earlier call had made. */
  readonly reusedConnection: boolean;
}

/** A kept connection turned out to be gone when a message was sent over it. Whether PREG read the message nobody knows. */
export class KeptConnectionGone extends PregUnavailable {}

/** Picked out of what axios gives, which holds the message with its password, too. */
export function httpAnswer({ status, headers, data, request }: AxiosResponse<unknown>): HttpAnswer {
  return {
    status,
    contentType: headersOf(headers)['content-type'] ?? '',
    octets: data instanceof Uint8Array ? data : new Uint8Array(0),
    reusedConnection: wentOverKeptConnection(request),
  };
}

/** What axios ends with when the other side closes a connection. */
const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Only the code of what was caught is passed on: axios errors carry headers and bodies. */
export function httpFailure(error: unknown, signal: AbortSignal): AdapterError {
  if (signal.aborted) return abortError(signal, 'the deadline passed while waiting for PREG');
  if (!isAxiosError(error)) return asAdapterError(error);
  const code = callErrorCode(error);
  if (error.response !== undefined) return new PregUnavailable(`the answer broke off: ${code}`);
  // Thus axios says that it is longer than it may be.
  if (code === 'ERR_BAD_RESPONSE') return new PregRejected('wrong-answer', 'larger than may be read');
  return CLOSED.has(code) && wentOverKeptConnection(error.request)
    ? new KeptConnectionGone(`the call failed: ${code}`)
    : new PregUnavailable(`the call failed: ${code}`);
}
