import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NetworkList } from '../runtime/network-list.js';
import { clientAddress } from './client-address.js';
import type { LegacyHttpHead } from './http.js';

/** What is known of a request before its body. @param path what its target says of one, without the query */
export function headOf(
  request: IncomingMessage,
  path: string,
  response: ServerResponse,
  trusted: NetworkList,
): LegacyHttpHead {
  const { method = '', url = '' } = request;
  const mark = url.indexOf('?');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method,
    path,
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
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
