import type { IncomingMessage, ServerResponse } from 'node:http';
import { askForBody } from './expectation.js';
import type { LegacyHttpResponse } from './http.js';
import { endEarly } from './refusal.js';
import { readBody } from './request-body.js';
import { bareBusy } from './busy-door.js';

/** A body up to so many octets costs less to throw away than another connection. */
const SMALL = 64 * 1024;

/** For so long the rest of a body is thrown away before the connection is cut, in milliseconds. */
const LONGEST_REST = 2_000;

/**
 * Answers a request that nobody looks into, most likely before its body is there. The connection is kept, unless the body is long or of unknown length, or
 * this is the last answer: whoever is refused comes again, and TLS costs more than many refusals.
 */
export function refuseUnread(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: LegacyHttpResponse,
  isLast: boolean,
): void {
  if (response.headersSent || response.destroyed) return;
  const octets = typeof body === 'string' ? Buffer.from(body) : body;
  const isKept = !isLast && (request.complete || hasSmallBody(request));
  if (isKept) askForBody(request, response);
  response.writeHead(status, {
    ...headers,
    'Content-Length': octets.length,
    ...(isKept ? {} : { Connection: 'close' }),
  });
  if (isKept) {
    response.end(octets);
    cutUnlessRead(request);
  } else {
    if (octets.length > 0) response.write(octets);
    endEarly(request, response);
  }
}

/** Answers a request by its body, where that is short and comes soon; by HTTP alone otherwise. Never rejects. */
export async function refuseRead(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (body: Uint8Array) => LegacyHttpResponse,
): Promise<void> {
  const read = await readBody(request, response, { octets: SMALL, milliseconds: LONGEST_REST });
  if (read.outcome === 'complete') refuseUnread(request, response, answer(read.body), false);
  else if (read.outcome !== 'aborted') refuseUnread(request, response, bareBusy, true);
}

function hasSmallBody({ method, headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return false;
  const length = headers['content-length'];
  return length === undefined ? method === 'GET' || method === 'HEAD' : Number(length) <= SMALL;
}

/** What a peer holds back stands between this request and its next one, for ever if it likes. */
function cutUnlessRead(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => {
    request.socket.destroy();
  }, LONGEST_REST);
  request.once('close', () => {
    clearTimeout(timer);
  });
  request.resume();
}
