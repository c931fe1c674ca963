import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import type { Clock } from '../runtime/clock.js';
import type { EventSink } from './events.js';
import type { Health } from './health.js';
import type { Metrics } from './metrics/metrics.js';
import { onlyForOperators, type OperatorLogin } from './operator-login.js';
import type { OperationsPage, PageRequest } from './operations-page.js';
import { listening, type ListeningOn } from './listening.js';
import { OpenConnections } from './open-connections.js';
import { sparedReadiness } from './readiness-in-a-flood.js';

/** The listener for operators and load balancers. Holds no person data. */
export interface OperationsListener {
  /** Resolves with the address in use once it is listening. @throws ListenerUnavailable */
  start(): Promise<ListeningOn>;
  /** Takes nothing new, finishes what it has begun, then resolves. */
  stop(): Promise<void>;
  /** Shows new connections another certificate; those that there are go on. Nothing without TLS. @throws what OpenSSL refuses */
  renewCertificate(tls: TlsOptions): void;
}

/** Where to listen and what to tell. */
export interface OperationsListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly health: Health;
  readonly metrics: Pick<Metrics, 'expose'>;
  /** Further pages for operators. */
  readonly pages?: readonly OperationsPage[];
  /** Who may see pages and metrics; without one, everybody on this machine. Health is for everybody. */
  readonly login?: OperatorLogin | undefined;
  /** Certificate and key; without them it speaks HTTP. */
  readonly tls?: TlsOptions | undefined;
  readonly maxConnections: number;
  readonly timeouts?: Partial<OperationsTimeouts>;
  readonly events: EventSink;
  readonly clock: Clock;
}

/** When a connection that does not get on is cut, in milliseconds. */
export interface OperationsTimeouts {
  /** For TLS, for a header, and for a body, which nobody reads. */
  readonly request: number;
  /** From the header on until the answer is taken; more than a login may be made to wait. */
  readonly answer: number;
  /** Without a request. */
  readonly keepAlive: number;
  /** How often the connections are looked through. */
  readonly check: number;
}

const defaultTimeouts: OperationsTimeouts = {
  request: 10_000,
  answer: 60_000,
  keepAlive: 75_000,
  check: 2_000,
};

/** What pages without a policy of their own go by. */
const CLOSED_POLICY = "default-src 'none'; frame-ancestors 'none'";

const MIN_VERSION = 'TLSv1.2';

/** The operations listener, not yet started. */
export function createOperationsListener(options: OperationsListenerOptions): OperationsListener {
  const { host, port, tls, maxConnections, events, clock } = options;
  const { request, answer, keepAlive, check } = { ...defaultTimeouts, ...options.timeouts };
  const limits = {
    headersTimeout: request,
    requestTimeout: request,
    keepAliveTimeout: keepAlive,
    connectionsCheckingInterval: check,
    maxHeaderSize: 16 * 1024,
  };
  const tlsServer =
    tls &&
    createTlsServer(
      { ...limits, ...tls, minVersion: MIN_VERSION, handshakeTimeout: request },
      application(options),
    );
  const server = tlsServer ?? createServer(limits, application(options));
  const connections = new OpenConnections({ listener: 'operations', maxConnections, events, clock });
  const inFlight = new Set<ServerResponse>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    connections.take(nameOf(socket), socket, {
      remoteAddress,
      network: remoteAddress,
      isExpected: true,
      isProxy: false,
    });
  });
  server.prependListener('request', ({ socket }, response) => {
    const name = nameOf(socket);
    const untaken = setTimeout(() => response.destroy(), answer);
    inFlight.add(response);
    connections.begin(name);
    response.once('close', () => {
      clearTimeout(untaken);
      inFlight.delete(response);
      connections.end(name);
    });
  });
  return {
    start: () => listening(server, 'listeners.operations', { host, port }),
    stop: () => stop(server, inFlight),
    renewCertificate: (fresh) => {
      tlsServer?.setSecureContext({ ...fresh, minVersion: MIN_VERSION });
    },
  };
}

function application({ health, metrics, pages = [], login, clock }: OperationsListenerOptions): Express {
  const readinessNow = sparedReadiness(() => health.readiness(), clock);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.use((_request, response, next) => {
    response.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': CLOSED_POLICY,
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
    next();
  });
  app.get('/health/live', (_request, response) => {
    response.json({ status: 'live' });
  });
  app.get('/health/ready', (_request, response) => {
    const readiness = readinessNow();
    response.status(readiness.status === 'ready' ? 200 : 503).json(readiness);
  });
  const operators = onlyForOperators(login);
  app.get('/metrics', operators, async (_request, response) => {
    const { contentType, body } = await metrics.expose();
    response.set('Content-Type', contentType).send(body);
  });
  for (const page of pages) {
    app.get(page.path, operators, async (request, response) => {
      const { status = 200, contentType, body, contentSecurityPolicy } = await page.answer(asked(request));
      if (contentSecurityPolicy !== undefined) response.set('Content-Security-Policy', contentSecurityPolicy);
      response.status(status).set('Content-Type', contentType).send(body);
    });
  }
  app.use((_request, response) => {
    response.status(404).json({ status: 404, title: 'Not found' });
  });
  // Left alone, Express answers in HTML with a stack.
  const onError: ErrorRequestHandler = (error, _request, response, next) => {
    if (response.headersSent) next(error);
    else response.status(500).json({ status: 500, title: 'Internal error' });
  };
  app.use(onError);
  return app;
}

function asked(request: Request): PageRequest {
  const { searchParams } = new URL(request.originalUrl, 'http://localhost');
  return {
    parameters: request.params,
    query: searchParams,
    acceptLanguage: request.get('Accept-Language'),
  };
}

async function stop(server: Server, inFlight: ReadonlySet<ServerResponse>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  await Promise.all([...inFlight].map((response) => once(response, 'close')));
  // What is still open is idle or has sent half a request, and would be waited for until it times out.
  server.closeAllConnections();
  await closed;
}

function nameOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
