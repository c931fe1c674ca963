import { once } from 'node:events';
import { createServer as createPlainServer, type Server, type RequestListener } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A server of a test, on a free port of 127.0.0.1. */
export interface LoopbackServer {
  readonly port: number;
  /** How many connections were ever made. */
  readonly connections: () => number;
  /** Those that are open now. */
  readonly open: ReadonlySet<Socket>;
}

/** Servers for one suite's tests, gone after each test. Call inside `describe`. With `tls` they speak HTTPS. */
export function loopbackServers(): (
  handler: RequestListener,
  tls?: ServerOptions,
) => Promise<LoopbackServer> {
  const running: { server: Server; open: Set<Socket> }[] = [];
  afterEach(async () => {
    for (const { server, open } of running.splice(0)) {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    }
  });
  return async (handler, tls) => {
    const server = tls === undefined ? createPlainServer(handler) : createServer(tls, handler);
    const open = new Set<Socket>();
    let connections = 0;
    server.on('connection', (socket: Socket) => {
      connections += 1;
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    running.push({ server, open });
    return { port: portOf(server.address()), connections: () => connections, open };
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  return address.port;
}
