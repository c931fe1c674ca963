import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { alarm } from '../runtime/clock.js';
import { FewInATurn } from '../runtime/few-in-a-turn.js';
import { BodiesAwaited } from './bodies-awaited.js';
import type { FrontDoor, LegacyHttpResponse, StreamingDoor } from './http.js';
import { refuse } from './refusal.js';
import { readBody } from './request-body.js';
import { headOf, originOf } from './request-head.js';
import { isBelow, serveStream, type StreamedExchangeParts } from './streamed-exchange.js';

/** What the application is made of. */
export interface FrontDoorApplicationParts extends StreamedExchangeParts {
  readonly doors: readonly FrontDoor[];
  readonly streamingDoors: readonly StreamingDoor[];
  readonly maxRequestBytes: number;
  /** Milliseconds for a body that is read whole. */
  readonly bodyTimeout: number;
  /** Milliseconds for the peer to take an answer that was written whole. */
  readonly answerTimeout: number;
  readonly maxConcurrentRequests: number;
  /** Whether the listener is on its way out: nothing new is begun, and connections end with their answer. */
  readonly isDraining: () => boolean;
  /** Told of the work for a streaming door, which may outlast its connection by a little. */
  readonly onStream: (work: Promise<void>) => void;
}

/** Each that is begun is read, judged and asked for before anybody else has a turn. */
const BEGUN_IN_A_TURN = 8;

/** Express between the sockets and the front doors: paths, limits, bodies, addresses. */
export function createFrontDoorApplication(parts: FrontDoorApplicationParts): Express {
  const { doors, streamingDoors, maxConcurrentRequests, logger, isDraining, clock } = parts;
  // What takes long must not take the places of what is quick.
  const maxStreams = Math.max(1, Math.floor(maxConcurrentRequests / 2));
  const beginning = new FewInATurn(BEGUN_IN_A_TURN);
  const bodies = new BodiesAwaited(clock);
  const places = new WeakMap<IncomingMessage, () => void>();
  let inFlight = 0;
  let streams = 0;
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
    } else if (inFlight >= maxConcurrentRequests && !bodies.giveUpOldest()) {
      logger.warn('refused a request, since too many are in flight', origin(request, parts));
      refuse(request, response, 503, { 'Retry-After': '1' });
    } else {
      inFlight += 1;
      let isHeld = true;
      const leave = (): void => {
        if (isHeld) inFlight -= 1;
        isHeld = false;
      };
      places.set(request, leave);
      response.once('close', leave);
      next();
    }
  });
  for (const door of doors) {
    app.all(door.paths.map(literally), (request, response) =>
      serve(door, request, response, { ...parts, beginning, bodies, leave: places.get(request) }),
    );
  }
  app.use((request, response, next) => {
    const door = streamingDoors.find((one) => isBelow(one, request.path) && (one.isOpen?.() ?? true));
    if (door === undefined) {
      next();
    } else if (streams >= maxStreams) {
      logger.warn('refused a transfer, since too many are under way', origin(request, parts));
      refuse(request, response, 503, { 'Retry-After': '5' });
    } else {
      streams += 1;
      response.once('close', () => {
        streams -= 1;
      });
      const work = serveStream(door, request, response, parts);
      parts.onStream(work);
      work.catch(next);
    }
  });
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
  parts: FrontDoorApplicationParts & {
    readonly beginning: FewInATurn;
    readonly bodies: BodiesAwaited;
    /** Gives the place of the request back. */
    readonly leave: (() => void) | undefined;
  },
): Promise<void> {
  const { trustedProxies, logger, maxRequestBytes, bodyTimeout, leave = () => undefined } = parts;
  // Before the body: the peer may be gone when that is over.
  const head = headOf(request, response, trustedProxies);
  const awaited = parts.bodies.wait(leave);
  const read = await readBody(request, response, {
    octets: maxRequestBytes,
    milliseconds: bodyTimeout,
    signal: awaited.signal,
  });
  awaited.over();
  switch (read.outcome) {
    case 'aborted':
      return;
    case 'too-large':
      logger.warn('refused a request that is too large', origin(request, parts));
      refuse(request, response, 413);
      return;
    case 'too-slow':
      logger.warn('cut a request that did not get on', origin(request, parts));
      cut(response);
      return;
    case 'complete':
      break;
  }
  await parts.beginning.pass();
  const answer = await door.answer({ ...head, body: read.body });
  if (response.destroyed) return;
  send(response, answer, parts.isDraining());
  cutUnlessTaken(response, parts);
}

/** A peer that does not read its answer would keep it, and its connection, for as long as it likes. */
function cutUnlessTaken(
  response: ServerResponse,
  { clock, answerTimeout }: Pick<FrontDoorApplicationParts, 'clock' | 'answerTimeout'>,
): void {
  const stop = alarm(clock, answerTimeout, () => {
    response.socket?.destroy();
    response.destroy();
  });
  response.once('close', stop);
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

/** Answers 408 to a peer that is not waited for any longer. */
function cut(response: ServerResponse): void {
  response.writeHead(408, { 'Content-Length': '0', Connection: 'close' });
  response.end();
}

function origin(
  request: IncomingMessage,
  { trustedProxies }: Pick<FrontDoorApplicationParts, 'trustedProxies'>,
): { readonly remoteAddress: string } {
  return originOf(request, trustedProxies);
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
