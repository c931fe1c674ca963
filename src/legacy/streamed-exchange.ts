import type { ServerResponse } from 'node:http';
import type { Request } from 'express';
import type { Logger } from '../operations/logger.js';
import type { Clock } from '../runtime/clock.js';
import type { NetworkList } from '../runtime/network-list.js';
import type { StreamedHttpResponse, StreamingDoor } from './http.js';
import { Pace, PeerTooSlow, type PaceLimits } from './pace.js';
import { endEarly } from './refusal.js';
import { headOf } from './request-head.js';
import { writeStream } from './streamed-answer.js';
import { streamBody } from './streamed-body.js';

/** What one exchange with a streaming door takes. */
export interface StreamedExchangeParts {
  readonly trustedProxies: NetworkList;
  readonly pace: PaceLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isDraining: () => boolean;
}

/** Whether the path is the door's. */
export function isBelow({ root }: StreamingDoor, path: string): boolean {
  const [asked, own] = [path.toLowerCase(), root.toLowerCase()];
  return asked === own || asked.startsWith(`${own}/`);
}

/** Takes one request through a streaming door. Rejects when the door does, before anything is written. */
export async function serveStream(
  door: StreamingDoor,
  request: Request,
  response: ServerResponse,
  parts: StreamedExchangeParts,
): Promise<void> {
  const { pace, clock, logger } = parts;
  const head = headOf(request, request.path, response, parts.trustedProxies);
  const answer = await door.answer({
    ...head,
    body: streamBody(request, response, new Pace(clock, pace)),
  });
  if (response.destroyed) return;
  try {
    await send(request, response, answer, parts);
  } catch (error) {
    // The header is on its way, so only a cut tells the peer that this was not all.
    response.destroy();
    const { remoteAddress } = head;
    if (error instanceof PeerTooSlow) logger.warn('cut a peer that was too slow', { remoteAddress });
    else logger.error('an answer was cut, since the rest of it could not be had', { remoteAddress, error });
  }
}

async function send(
  request: Request,
  response: ServerResponse,
  { status, headers, body }: StreamedHttpResponse,
  { pace, clock, isDraining }: StreamedExchangeParts,
): Promise<void> {
  // What is left of the body stands between this request and the next one.
  const last = isDraining() || !request.complete;
  const connection = last ? { Connection: 'close' } : {};
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const octets = Buffer.from(body);
    const length = status === 204 ? {} : { 'Content-Length': String(octets.length) };
    response.writeHead(status, { ...headers, ...length, ...connection });
    response.write(octets);
    endEarly(request, response);
    return;
  }
  response.writeHead(status, { ...headers, ...connection });
  // An answer to HEAD has no body to wait for.
  if (request.method === 'HEAD') endEarly(request, response);
  else await writeStream(response, body, new Pace(clock, pace));
}
