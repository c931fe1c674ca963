import type { IncomingMessage } from 'node:http';
import { createFrontDoorApplication } from '../../legacy/front-door-application.js';
import type { FrontDoor } from '../../legacy/http.js';
import { Doorkeeper } from '../../legacy/overload/doorkeeper.js';
import type { Logger } from '../../operations/logger.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import { Faults } from '../../sandbox/faults.js';
import { RequestLog } from '../../sandbox/requests.js';
import { applyFault, type Alteration } from '../../sandbox/servers/fault-gate.js';
import { openHttpsOrigin, type HttpsOriginOptions } from '../../sandbox/servers/https-origin.js';

/** Where front doors are served, and what may be done to them. */
export interface ServedOverHttps {
  /** `https://host:port`, without a path. */
  readonly url: string;
  /** Disturbs what is asked of `preg`. */
  readonly faults: Faults;
  /** What was asked, without values. */
  readonly requests: RequestLog;
  /** Closes every connection. May be called again. */
  stop(): Promise<void>;
}

/** What is served, and where. */
export interface ServingParts extends HttpsOriginOptions {
  readonly doors: readonly FrontDoor[];
  readonly clock: Clock;
  readonly random: Random;
  /** Told of errors behind the doors, which a client sees as status 500. */
  readonly onTrouble: (error: unknown) => void;
}

const MAX_REQUEST_BYTES = 1024 * 1024;
const BODY_TIMEOUT = 30_000;

/** Serves front doors as a server of the sandbox. Rejects with the system's own error when the port is in use. */
export async function serveOverHttps({
  doors,
  clock,
  random,
  onTrouble,
  ...where
}: ServingParts): Promise<ServedOverHttps> {
  const faults = new Faults();
  const requests = new RequestLog();
  const application = createFrontDoorApplication({
    doors,
    streamingDoors: [],
    logger: tellingErrors(onTrouble),
    clock,
    pace: { stall: BODY_TIMEOUT, window: 60_000, octetsPerWindow: 1 },
    bodyTimeout: BODY_TIMEOUT,
    answerTimeout: BODY_TIMEOUT,
    maxRequestBytes: MAX_REQUEST_BYTES,
    maxStreams: 0,
    // Who asks is the adapter, which knows its limits.
    doorkeeper: new Doorkeeper({
      places: Number.MAX_SAFE_INTEGER,
      events: { emit: () => undefined },
      clock,
      random,
    }),
    trustedProxies: { has: () => false },
    isDraining: () => false,
    onStream: () => undefined,
  });
  const origin = await openHttpsOrigin(where);
  origin.serve((request, response) => {
    const url = addressOf(request);
    requests.open(clock.now(), 'preg', request, url);
    response.once('finish', () => {
      requests.noteStatus(request, response.statusCode);
    });
    const serve = (altered: Alteration | null): void => {
      if (altered !== null) application(request, response);
    };
    const fault = faults.take('preg', url.pathname);
    if (fault === undefined) {
      serve({});
      return;
    }
    requests.noteFault(request, fault.kind);
    applyFault(fault, { target: 'preg', request, response, clock }).then(serve, onTrouble);
  });
  return { url: origin.url, faults, requests, stop: () => origin.stop() };
}

/** What no server understands is a path that nothing is at. */
function addressOf({ url = '/' }: IncomingMessage): URL {
  const base = 'https://sandbox.invalid';
  return new URL(URL.canParse(url, base) ? url : '/', base);
}

/** A logger for whom only errors matter. */
function tellingErrors(onTrouble: (error: unknown) => void): Logger {
  const silent = (): undefined => undefined;
  const logger: Logger = {
    log: silent,
    error: (message, fields) => {
      onTrouble(fields?.['error'] ?? new Error(message));
    },
    warn: silent,
    info: silent,
    debug: silent,
    with: () => logger,
  };
  return logger;
}
