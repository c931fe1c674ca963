import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import type { Logger } from '../operations/logger.js';
import type { NetworkList } from '../runtime/network-list.js';
import { clientAddress } from './client-address.js';
import type { FrontDoor, LegacyHttpRequest, LegacyHttpResponse } from './http.js';
import { refuse } from './refusal.js';
import { readBody } from './request-body.js';

/** What the application is made of. */
export interface FrontDoorApplicationParts {
  readonly doors: readonly FrontDoor[];
  readonly maxRequestBytes: number;
  readonly maxConcurrentRequests: number;
  readonly trustedProxies: NetworkList;
  readonly logger: Logger;
  /** Whether the listener is on its way out: nothing new is begun, and connections end with their answer. */
  readonly isDraining: () => boolean;
}

/** Express between the sockets and the front doors: paths, limits, bodies, addresses. */
export function createFrontDoorApplication(parts: FrontDoorApplicationParts): Express {
  const { doors, maxConcurrentRequests, logger, isDraining } = parts;
  let inFlight = 0;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  // IIS told upper from lower case as little as this does, and did tell a trailing slash.
  app.enable('strict routing');

  app.use((request, response, next) => {
    if (isAmbiguous(request)) {
      logger.warn('refused a request that two servers could read in two ways', origin(request, parts));
      refuse(request, response, 400);
    } else if (isDraining()) {
      refuse(request, response, 503);
    } else if (inFlight >= maxConcurrentRequests) {
      logger.warn('refused a request, since too many are in flight', origin(request, parts));
      refuse(request, response, 503, { 'Retry-After': '1' });
    } else {
      inFlight += 1;
      response.once('close', () => {
        inFlight -= 1;
      });
      next();
    }
  });
  for (const door of doors) {
    app.all(door.paths.map(literally), (request, response) => serve(door, request, response, parts));
  }
  app.use((request, response) => {
    refuse(request, response, 404);
  });
  const onError: ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    logger.error('a front door failed', { ...origin(request, parts), error });
    refuse(request, response, 500);
  };
  app.use(onError);
  return app;
}

async function serve(
  door: FrontDoor,
  request: Request,
  response: Response,
  parts: FrontDoorApplicationParts,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new Error('the peer closed the connection'));
  });
  const read = await readBody(request, parts.maxRequestBytes);
  if (read.outcome === 'aborted') return;
  if (read.outcome === 'too-large') {
    parts.logger.warn('refused a request that is too large', origin(request, parts));
    refuse(request, response, 413);
    return;
  }
  const answer = await door.answer(describe(request, read.body, gone.signal, parts));
  if (!response.destroyed) send(response, answer, parts.isDraining());
}

function describe(
  request: Request,
  body: Uint8Array,
  signal: AbortSignal,
  parts: FrontDoorApplicationParts,
): LegacyHttpRequest {
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
    body,
    remoteAddress: origin(request, parts).remoteAddress,
    signal,
  };
}

function send(response: ServerResponse, answer: LegacyHttpResponse, last: boolean): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body;
  response.writeHead(answer.status, {
    ...answer.headers,
    'Content-Length': String(body.length),
    ...(last ? { Connection: 'close' } : {}),
  });
  response.end(body);
}

function origin(
  request: IncomingMessage,
  { trustedProxies }: FrontDoorApplicationParts,
): { remoteAddress: string } {
  const forwarded = request.headers['x-forwarded-for'];
  return {
    remoteAddress: clientAddress(
      request.socket.remoteAddress ?? '',
      Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      trustedProxies,
    ),
  };
}

/**
 * What node:http lets pass and a proxy in front may have understood otherwise (RFC 9112, 3.2 and 6.1): several Host
 * headers, a transfer coding besides chunked or in HTTP/1.0, and HTTP/0.9.
 */
function isAmbiguous(request: IncomingMessage): boolean {
  const hosts = request.rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name));
  const coding = request.headers['transfer-encoding'];
  return (
    hosts.length > 1 ||
    request.httpVersionMajor !== 1 ||
    (coding !== undefined && (coding.toLowerCase() !== 'chunked' || request.httpVersionMinor === 0))
  );
}

/** A path as a pattern of Express that means that path and nothing else. */
function literally(path: string): string {
  return path.replace(/[\\{}()[\]+?!:*]/g, '\\$&');
}
