import { createServer as createPlaintextServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { errorCode } from '../errors/error-code.js';
import { networkOf } from '../access/caller-network.js';
import type { EventSink } from '../operations/events.js';
import type { HttpListenerName } from '../operations/listener-events.js';
import { listening, type ListeningOn } from '../operations/listening.js';
import type { Logger } from '../operations/logger.js';
import { OpenConnections, type ConnectionLimits, type Origin } from '../operations/open-connections.js';
import type { Clock } from '../runtime/clock.js';
import type { NetworkList } from '../runtime/network-list.js';
import { plainAddress } from './client-address.js';
import { createFrontDoorApplication } from './front-door-application.js';
import type { FrontDoor, StreamingDoor } from './http.js';
import type { Doorkeeper } from './overload/doorkeeper.js';
import type { PaceLimits } from './pace.js';

/** Where legacy clients connect. */
export interface LegacyListener {
  /** Resolves with the address in use once it is listening. @throws ListenerUnavailable */
  start(): Promise<ListeningOn>;
  /**
   * Takes nothing new and finishes what is in flight, for `graceMilliseconds` at most; then cuts what is left.
   * Resolves when the last connection is closed, and streaming doors have put down what was cut.
   */
  stop(graceMilliseconds: number): Promise<void>;
  /** Shows new connections another certificate; those that there are go on. Nothing without TLS. @throws what OpenSSL refuses */
  renewCertificate(tls: TlsOptions): void;
}

/** What the listener is made of. */
export interface LegacyListenerParts {
  /** Which one it is, where there are several. */
  readonly name?: Exclude<HttpListenerName, 'operations'>;
  readonly doors: readonly FrontDoor[];
  /** Doors for what is too large for memory. */
  readonly streamingDoors?: readonly StreamingDoor[];
  readonly settings: LegacyListenerSettings;
  /**
   * Certificate and key; undefined for plaintext, which the configuration has to ask for by name. No TLS before 1.2, unless
   * `minVersion` says so.
   */
  readonly tls: TlsOptions | undefined;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Lets requests in; the same one wherever they come from. */
  readonly doorkeeper: Doorkeeper;
}

export interface LegacyListenerSettings extends ConnectionLimits {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly maxRequestBytes: number;
  /** Of which half may be transfers through streaming doors. */
  readonly maxConcurrentRequests: number;
  /** Who may connect; undefined for everybody. */
  readonly addresses?: NetworkList | undefined;
  readonly trustedProxies: NetworkList;
  readonly timeouts?: Partial<ConnectionTimeouts>;
  /** How slow the peers of streaming doors may be. */
  readonly pace?: PaceLimits;
}

/** When a connection that does not get on is cut, in milliseconds. */
export interface ConnectionTimeouts {
  readonly handshake: number;
  readonly headers: number;
  /** A body that is read whole, from its header on. */
  readonly body: number;
  /** An answer that was written whole, until the peer has taken it. */
  readonly answer: number;
  /** Without a request; longer than the idle time of usual load balancers, so that they are the ones who close. */
  readonly keepAlive: number;
  /** How often the connections are looked through. */
  readonly check: number;
}

const MIN_VERSION = 'TLSv1.2';

const defaultTimeouts: ConnectionTimeouts = {
  handshake: 10_000,
  headers: 10_000,
  body: 30_000,
  answer: 60_000,
  keepAlive: 75_000,
  check: 2_000,
};

/** The settings of each, as the operator knows them. */
const SETTINGS = { legacy: 'listeners.legacy', oldTls: 'listeners.oldTls' } as const;

/** 1 KiB in a second at least, over any minute. */
const defaultPace: PaceLimits = { stall: 30_000, window: 60_000, octetsPerWindow: 60 * 1024 };

/** The legacy listener, not yet started. */
export function createLegacyListener(parts: LegacyListenerParts): LegacyListener {
  return new HttpLegacyListener(parts);
}

class HttpLegacyListener implements LegacyListener {
  readonly #server: Server;
  readonly #connections: OpenConnections;
  readonly #tlsServer: TlsServer | undefined;
  /** All connections, those included that have not got as far as HTTP. */
  readonly #sockets = new Set<Socket>();
  /** Those of them that have not brought a request yet, which Node.js does not count as idle. */
  readonly #unused = new Map<string, Socket>();
  /** What streaming doors are at. */
  readonly #streams = new Set<Promise<void>>();
  #stopped: Promise<void> | undefined;

  constructor(private readonly parts: LegacyListenerParts) {
    const { name: listener = 'legacy', doors, settings, tls, events, logger, clock } = parts;
    const { maxConnections, maxConnectionsPerAddress } = settings;
    this.#connections = new OpenConnections({
      listener,
      maxConnections,
      maxConnectionsPerAddress,
      events,
      clock,
    });
    const timeouts = { ...defaultTimeouts, ...settings.timeouts };
    const application = createFrontDoorApplication({
      doors,
      streamingDoors: parts.streamingDoors ?? [],
      logger,
      clock,
      pace: settings.pace ?? defaultPace,
      bodyTimeout: timeouts.body,
      answerTimeout: timeouts.answer,
      maxRequestBytes: settings.maxRequestBytes,
      maxStreams: Math.max(1, Math.floor(settings.maxConcurrentRequests / 2)),
      doorkeeper: parts.doorkeeper,
      trustedProxies: settings.trustedProxies,
      isDraining: () => this.#stopped !== undefined,
      onStream: (work) => {
        this.#keep(work);
      },
    });
    const options: ServerOptions = {
      headersTimeout: timeouts.headers,
      // A large file takes its time: what is read whole has a limit of its own, and what streams has a pace.
      requestTimeout: 0,
      keepAliveTimeout: timeouts.keepAlive,
      connectionsCheckingInterval: timeouts.check,
      maxHeaderSize: 16 * 1024,
      noDelay: true,
    };
    if (tls === undefined) {
      this.#server = createPlaintextServer(options, application);
    } else {
      const server = createTlsServer(
        { ...options, minVersion: MIN_VERSION, ...tls, handshakeTimeout: timeouts.handshake },
        application,
      );
      server.on('tlsClientError', (error) => {
        logger.debug('no TLS connection came about', { code: errorCode(error) ?? error.message });
      });
      this.#server = server;
      this.#tlsServer = server;
    }
    // With a listener, Node.js leaves it to us when the peer is asked for its body.
    this.#server.on('checkContinue', (request, response) => {
      this.#server.emit('request', request, response);
    });
    this.#server.on('connection', (socket: Socket) => {
      const name = nameOf(socket);
      this.#connections.take(name, socket, originOf(socket, settings));
      this.#sockets.add(socket);
      this.#unused.set(name, socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        if (this.#unused.get(name) === socket) this.#unused.delete(name);
      });
    });
    this.#server.prependListener('request', (request, response) => {
      const name = nameOf(request.socket);
      this.#unused.delete(name);
      this.#connections.begin(name);
      response.once('close', () => {
        this.#connections.end(name);
        // An answer whose header was written before the stop leaves its connection open.
        if (this.#stopped !== undefined) {
          setImmediate(() => {
            this.#server.closeIdleConnections();
          });
        }
      });
    });
  }

  start(): Promise<ListeningOn> {
    const { name = 'legacy', settings, logger } = this.parts;
    return listening(this.#server, SETTINGS[name], settings, (error) => {
      logger.error('the legacy listener failed', { listener: name, error });
    });
  }

  stop(graceMilliseconds: number): Promise<void> {
    this.#stopped ??= this.#drain(graceMilliseconds);
    return this.#stopped;
  }

  renewCertificate(tls: TlsOptions): void {
    const { minVersion = MIN_VERSION, maxVersion, ciphers, honorCipherOrder } = this.parts.tls ?? {};
    const policy = { minVersion, maxVersion, ciphers, honorCipherOrder };
    this.#tlsServer?.setSecureContext({ ...policy, ...tls });
  }

  async #drain(graceMilliseconds: number): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => {
      // Closes the idle connections, too.
      this.#server.close(() => {
        resolve();
      });
    });
    for (const socket of this.#unused.values()) socket.destroy();
    const drained = new AbortController();
    const grace = this.parts.clock.sleep(graceMilliseconds, drained.signal).then(
      () => {
        for (const socket of this.#sockets) socket.destroy();
      },
      () => undefined,
    );
    await closed;
    drained.abort();
    await grace;
    await Promise.all(this.#streams);
  }

  #keep(work: Promise<void>): void {
    const settled = work
      .catch(() => undefined)
      .finally(() => {
        this.#streams.delete(settled);
      });
    this.#streams.add(settled);
  }
}

/** The same for a TLS socket and the one beneath it. */
function nameOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ''} ${socket.remotePort ?? 0}`;
}

function originOf(
  { remoteAddress = '' }: Socket,
  { addresses, trustedProxies }: LegacyListenerSettings,
): Origin {
  const address = plainAddress(remoteAddress) ?? remoteAddress;
  return {
    remoteAddress: address,
    network: networkOf(address),
    isExpected: addresses?.has(address) ?? true,
    isProxy: trustedProxies.has(address),
  };
}
