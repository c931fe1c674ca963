import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Health } from './health.js';
import type { Metrics } from './metrics/metrics.js';
import { listening, type ListeningOn } from './listening.js';

/** The listener for operators and load balancers. Speaks HTTP; holds no person data. */
export interface OperationsListener {
  /** Resolves with the address in use once it is listening. @throws ListenerUnavailable */
  start(): Promise<ListeningOn>;
  /** Takes nothing new, finishes what it has begun, then resolves. */
  stop(): Promise<void>;
}

/** Where to listen and what to tell. */
export interface OperationsListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly health: Health;
  readonly metrics: Pick<Metrics, 'expose'>;
}

/** The operations listener, not yet started. */
export function createOperationsListener({
  host,
  port,
  health,
  metrics,
}: OperationsListenerOptions): OperationsListener {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 10_000 },
    application(health, metrics),
  );
  const inFlight = new Set<ServerResponse>();
  server.prependListener('request', (_request, response) => {
    inFlight.add(response);
    response.once('close', () => inFlight.delete(response));
  });
  return {
    start: () => listening(server, 'listeners.operations', { host, port }),
    stop: () => stop(server, inFlight),
  };
}

function application(health: Health, metrics: Pick<Metrics, 'expose'>): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.use((_request, response, next) => {
    response.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
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
    const readiness = health.readiness();
    response.status(readiness.status === 'ready' ? 200 : 503).json(readiness);
  });
  app.get('/metrics', async (_request, response) => {
    const { contentType, body } = await metrics.expose();
    response.set('Content-Type', contentType).send(body);
  });
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
