import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer, request, type Server as TlsServer } from 'node:https';

/** What stands where Persontjenesten stands: notes what is asked, lets it through, or behaves as networks and gateways do. */

/** How a new connection is met. */
export type Manners =
  | { readonly kind: 'serve' }
  /** Closed with a reset before anything is said. */
  | { readonly kind: 'reset' }
  /** Octets that are no TLS. */
  | { readonly kind: 'garbage' }
  /** Taken, and then nothing. */
  | { readonly kind: 'silence' }
  /** TLS with this certificate. */
  | { readonly kind: 'certificate'; readonly certificatePem: string; readonly privateKeyPem: string };

/** A request as it came. The headers hold a token: nothing of them is ever printed. */
export interface Heard {
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Answers a request in place of the register; `undefined` lets it through. */
export type Reply = (request: IncomingMessage, response: ServerResponse) => undefined | true;

/** Takes connections at one port and serves them over TLS. */
export class RegisterFront {
  readonly heard: Heard[] = [];
  #manners: Manners = { kind: 'serve' };
  #reply: Reply = () => undefined;
  readonly #sockets = new Set<Socket>();
  #connections = 0;

  private constructor(
    private readonly tcp: Server,
    private readonly tls: TlsServer,
    private readonly own: { readonly certificatePem: string; readonly privateKeyPem: string },
    readonly port: number,
  ) {}

  /** Opens it before what is at `behind`, which is trusted by `ca`. */
  static async open(
    own: { readonly certificatePem: string; readonly privateKeyPem: string },
    behind: { readonly url: string; readonly ca: string },
  ): Promise<RegisterFront> {
    const { hostname, port } = new URL(behind.url);
    const opened: { front?: RegisterFront } = {};
    const tls = createTlsServer(
      { cert: own.certificatePem, key: own.privateKeyPem },
      (incoming, response) => {
        if (opened.front?.hears(incoming, response) === true) return;
        const onward = request({
          host: hostname,
          port,
          path: incoming.url,
          method: incoming.method,
          headers: incoming.headers,
          ca: behind.ca,
          agent: false,
        });
        onward.once('response', (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
          answer.once('error', () => response.destroy());
        });
        onward.once('error', () => response.destroy());
        response.once('close', () => onward.destroy());
        incoming.pipe(onward);
      },
    );
    tls.on('tlsClientError', () => undefined);
    const tcp = createTcpServer((socket) => opened.front?.met(socket));
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const address = tcp.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    opened.front = new RegisterFront(tcp, tls, own, address.port);
    return opened.front;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** How many connections came. */
  get connections(): number {
    return this.#connections;
  }

  /** Meets connections so from now on; those that are open are cut. */
  behave(manners: Manners): void {
    this.#manners = manners;
    const { certificatePem, privateKeyPem } = manners.kind === 'certificate' ? manners : this.own;
    this.tls.setSecureContext({ cert: certificatePem, key: privateKeyPem });
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Answers so from now on. */
  reply(reply: Reply): void {
    this.#reply = reply;
  }

  /** Lets everything through again. */
  async recover(): Promise<void> {
    this.reply(() => undefined);
    this.behave({ kind: 'serve' });
    if (!this.tcp.listening) {
      this.tcp.listen(this.port, '127.0.0.1');
      await once(this.tcp, 'listening');
    }
  }

  /** Refuses connections until it recovers. */
  async refuse(): Promise<void> {
    const closed = once(this.tcp, 'close');
    this.tcp.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async close(): Promise<void> {
    if (this.tcp.listening) await this.refuse();
    this.tls.close();
  }

  private hears(incoming: IncomingMessage, response: ServerResponse): undefined | true {
    this.heard.push({
      at: Date.now(),
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      headers: incoming.headers,
    });
    if (this.heard.length > 5_000) this.heard.shift();
    return this.#reply(incoming, response);
  }

  private met(socket: Socket): void {
    this.#connections += 1;
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
    switch (this.#manners.kind) {
      case 'serve':
      case 'certificate':
        this.tls.emit('connection', socket);
        break;
      case 'reset':
        socket.resetAndDestroy();
        break;
      case 'garbage':
        socket.end('220 mail.invalid ESMTP\r\n');
        break;
      case 'silence':
        break;
    }
  }
}
