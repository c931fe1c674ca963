import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** Where a server of the sandbox listens, and with which certificate. */
export interface HttpsOriginOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A listening server. Requests before `serve` are answered 503. */
export interface HttpsOrigin {
  /** `https://host:port`, without a path. */
  readonly url: string;
  serve(handler: Handler): void;
  /** Stops listening and closes every connection, idle or not. May be called again. */
  stop(): Promise<void>;
}

/** Longer than clients keep idle connections, so that none is closed under a request just being sent. */
const KEEP_ALIVE = 65_000;

/**
 * Listens. Rejects with the system's own error, `code` and `port` intact, when the port is in use (EADDRINUSE) or may not be
 * used.
 */
export async function openHttpsOrigin(options: HttpsOriginOptions): Promise<HttpsOrigin> {
  const sockets = new Set<Socket>();
  let handler: Handler = (_, response) => {
    response.writeHead(503).end();
  };
  const server = createServer(
    { cert: options.certificatePem, key: options.privateKeyPem, keepAliveTimeout: KEEP_ALIVE },
    (request, response) => {
      handler(request, response);
    },
  );
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');

  let stopped: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  return {
    url: `https://${hostInUrl(options.host)}:${portOf(server.address())}`,
    serve: (next) => {
      handler = next;
    },
    stop: () => {
      stopped ??= close();
      return stopped;
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  return address.port;
}

/** An address that listens on all interfaces is no address to call. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
