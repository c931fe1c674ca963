import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import { alarm } from '../runtime/clock.js';
import { BodiesAwaited } from './bodies-awaited.js';
import type { FrontDoor, LegacyHttpResponse, StreamingDoor } from './http.js';
import { bareBusy, type BusyDoor } from './busy-door.js';
import type { Doorkeeper, TurnedAway } from './overload/doorkeeper.js';
import type { Place } from './overload/gate.js';
import { refuseRead, refuseUnread } from './refuse-unread.js';
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
  /** How many may be on their way through streaming doors at a time: what takes long must not take the places of what is quick. */
  readonly maxStreams: number;
  readonly doorkeeper: Doorkeeper;
  /** Whether the listener is on its way out: nothing new is begun, and connections end with their answer. */
  readonly isDraining: () => boolean;
  /** Told of the work for a streaming door, which may outlast its connection by a little. */
  readonly onStream: (work: Promise<void>) => void;
}

/**
 * Between the sockets and the front doors: who is let in, and behind that Express with paths, limits, bodies, addresses.
 * Whoever is refused costs as little as can be, which is why Express sees nothing of them.
 */
export function createFrontDoorApplication(parts: FrontDoorApplicationParts): RequestListener {
  const { logger, doorkeeper, isDraining } = parts;
  const bodies = new BodiesAwaited(parts.clock);
  const places = new WeakMap<IncomingMessage, Place>();
  const serve = createServing({ ...parts, bodies, placeOf: (request) => places.get(request) });
  const busyDoors = new BusyDoors(parts);
  return (request, response) => {
    if (isAmbiguous(request)) {
      logger.warn('refused a request that two servers could read in two ways', origin(request, parts));
      refuse(request, response, 400);
      return;
    }
    const busy = busyDoors.at(request.url ?? '');
    if (isDraining()) {
      doorkeeper.countLate();
      refuse(request, response, 503);
      return;
    }
    const admitted = doorkeeper.admit(origin(request, parts).remoteAddress, busy?.protocol ?? null, () =>
      bodies.giveUpOldest(),
    );
    if ('turnedAway' in admitted) {
      turnAway(busy, request, response, admitted);
      return;
    }
    places.set(request, admitted);
    response.once('close', () => {
      admitted.leave();
    });
    serve(request, response);
  };
}

interface ServingParts extends FrontDoorApplicationParts {
  readonly bodies: BodiesAwaited;
  /** The place that a request has. */
  readonly placeOf: (request: IncomingMessage) => Place | undefined;
}

/**
 * Express before the front doors, and past it those whose target is the path of a door and nothing else: nearly all, for whom its
 * way from route to route would cost more than to read their message.
 */
function createServing(parts: ServingParts): RequestListener {
  const { doors, streamingDoors, maxStreams, doorkeeper, logger } = parts;
  const byPath = new Map(
    doors.flatMap((door) => door.paths.map((path) => [path.toLowerCase(), door] as const)),
  );
  let streams = 0;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  // IIS told upper from lower case as little as this does, and did tell a trailing slash.
  app.enable('strict routing');

  for (const door of doors) {
    app.all(door.paths.map(literally), (request, response) =>
      serve(door, request.path, request, response, parts),
    );
  }
  app.use((request, response, next) => {
    const door = streamingDoors.find((one) => isBelow(one, request.path) && (one.isOpen?.() ?? true));
    if (door === undefined) {
      next();
    } else if (streams >= maxStreams) {
      const { remoteAddress } = origin(request, parts);
      turnAway(door.busy, request, response, doorkeeper.turnAway(remoteAddress, door.busy?.protocol ?? null));
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
  const failed = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
    logger.error('a front door failed', { ...origin(request, parts), error });
    refuse(request, response, 500);
  };
  const onError: ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) next(error);
    else failed(request, response, error);
  };
  app.use(onError);
  return (request, response) => {
    const { url = '' } = request;
    const path = pathIn(url);
    const door = byPath.get(path.toLowerCase());
    if (door === undefined) {
      app(request, response);
      return;
    }
    serve(door, path, request, response, parts).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else failed(request, response, error);
    });
  };
}

async function serve(
  door: FrontDoor,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  parts: ServingParts,
): Promise<void> {
  const { trustedProxies, logger, maxRequestBytes, bodyTimeout } = parts;
  const place = parts.placeOf(request);
  // Before the body: the peer may be gone when that is over.
  const head = headOf(request, path, response, trustedProxies);
  const awaited = parts.bodies.wait(() => {
    place?.leave();
  });
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
  await place?.turn();
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

/** The doors' ways to refuse, found as quickly as can be. */
class BusyDoors {
  readonly #byPath: ReadonlyMap<string, BusyDoor>;
  readonly #below: readonly StreamingDoor[];

  constructor({ doors, streamingDoors }: Pick<FrontDoorApplicationParts, 'doors' | 'streamingDoors'>) {
    this.#byPath = new Map(
      doors.flatMap(({ paths, busy }) =>
        busy === undefined ? [] : paths.map((path) => [path.toLowerCase(), busy] as const),
      ),
    );
    this.#below = streamingDoors;
  }

  at(url: string): BusyDoor | undefined {
    const path = pathIn(url).toLowerCase();
    return this.#byPath.get(path) ?? this.#below.find((door) => isBelow(door, path))?.busy;
  }
}

/** A request's target without its query. */
function pathIn(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
}

function turnAway(
  busy: BusyDoor | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  turnedAway: TurnedAway,
): void {
  const { method = '', headers } = request;
  const { 'content-type': type, authorization } = headers;
  if (busy?.refuseRead !== undefined && method === 'POST') {
    void refuseRead(request, response, (body) => busy.refuseRead?.(body, turnedAway) ?? bareBusy);
    return;
  }
  const answer =
    busy === undefined
      ? bareBusy
      : busy.refuse({ method, headers: { 'content-type': type, authorization } }, turnedAway);
  refuseUnread(request, response, answer, false);
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
