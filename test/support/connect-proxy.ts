import { once } from 'node:events';
import { createServer as createPlainServer, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';

/** What the proxy does with one request for a way to a target. */
export type ProxyBehaviour =
  | 'open'
  | 'silent'
  | 'close'
  /** Opens the way and closes it at once. */
  | 'die'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** A proxy of a test, on a free port of 127.0.0.1. */
export interface ConnectProxy {
  readonly port: number;
  /** What it was asked, in order: the target and the headers. */
  readonly asked: readonly { readonly target: string; readonly headers: IncomingMessage['headers'] }[];
  /** Requests that were not for a way to a target: there should be none. */
  readonly plainRequests: () => number;
  readonly open: ReadonlySet<Duplex>;
  behave: ProxyBehaviour;
  /** The same where it depends on the target; none by default. */
  behaveTo: ((target: string) => ProxyBehaviour) | undefined;
  /** Where ways lead, whatever target was named; the target itself when undefined. */
  leadsTo: number | undefined;
  stop(): Promise<void>;
}

/** Proxies for one suite's tests, gone after each test. Call inside `describe`. With a certificate they speak TLS themselves. */
export function connectProxies(): (certificate?: SelfSignedCertificate) => Promise<ConnectProxy> {
  const running: ConnectProxy[] = [];
  afterEach(async () => {
    for (const proxy of running.splice(0)) await proxy.stop();
  });
  return async (certificate) => {
    const proxy = await startConnectProxy(certificate);
    running.push(proxy);
    return proxy;
  };
}

/** Starts one that its caller stops. */
export async function startConnectProxy(certificate?: SelfSignedCertificate): Promise<ConnectProxy> {
  let plainRequests = 0;
  const asked: { target: string; headers: IncomingMessage['headers'] }[] = [];
  const open = new Set<Duplex>();
  const server =
    certificate === undefined
      ? createPlainServer()
      : createServer({ cert: certificate.certificatePem, key: certificate.privateKeyPem });
  server.on('request', (_request, response) => {
    plainRequests += 1;
    response.writeHead(405).end();
  });
  server.on('connection', (socket: Duplex) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    const target = request.url ?? '';
    asked.push({ target, headers: request.headers });
    socket.on('error', () => socket.destroy());
    answer(
      socket,
      proxy.behaveTo?.(target) ?? proxy.behave,
      proxy.leadsTo ?? Number(target.split(':').at(-1)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let stopped: Promise<void> | undefined;
  const proxy: ConnectProxy = {
    port: portOf(server.address()),
    asked,
    plainRequests: () => plainRequests,
    open,
    behave: 'open',
    behaveTo: undefined,
    leadsTo: undefined,
    stop: () => {
      stopped ??= (async () => {
        const closed = once(server, 'close');
        server.close();
        for (const socket of open) socket.destroy();
        await closed;
      })();
      return stopped;
    },
  };
  return proxy;
}

function answer(socket: Duplex, behaviour: ProxyBehaviour, port: number): void {
  if (behaviour === 'silent') {
    // Reads on, so as to see the other side go.
    socket.on('end', () => socket.destroy()).resume();
    return;
  }
  if (behaviour === 'close') {
    socket.end();
    return;
  }
  if (typeof behaviour === 'object') {
    const { status, headers = {}, body = '' } = behaviour;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(
      `HTTP/1.1 ${status} Said by the proxy\r\nContent-Length: ${body.length}\r\n${lines.join('')}\r\n${body}`,
    );
    return;
  }
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n', () => {
    if (behaviour === 'die') {
      socket.destroy();
      return;
    }
    const onward = connect(port, '127.0.0.1');
    onward.on('error', () => socket.destroy());
    onward.on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the proxy has no port');
  return address.port;
}
