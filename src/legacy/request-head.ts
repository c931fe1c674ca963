import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request } from 'express';
import type { NetworkList } from '../runtime/network-list.js';
import { clientAddress } from './client-address.js';
import type { LegacyHttpHead } from './http.js';

/** What is known of a request before its body. */
export function headOf(request: Request, response: ServerResponse, trusted: NetworkList): LegacyHttpHead {
  const mark = request.url.indexOf('?');
  return {
    method: request.method,
    path: request.path,
    query: mark < 0 ? '' : request.url.slice(mark + 1),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : value,
      ]),
    ),
    ...originOf(request, trusted),
    signal: leaving(response),
  };
}

/** Where a request came from. */
export function originOf(request: IncomingMessage, trusted: NetworkList): { readonly remoteAddress: string } {
  const forwarded = request.headers['x-forwarded-for'];
  return {
    remoteAddress: clientAddress(
      request.socket.remoteAddress ?? '',
      Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      trusted,
    ),
  };
}

/** Aborts when the peer is gone before its answer was written. */
function leaving(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new Error('the peer closed the connection'));
  });
  return gone.signal;
}
