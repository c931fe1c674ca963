import { createServer, type Server, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  type Server as TlsServer,
  type TlsOptions,
  type TLSSocket,
} from 'node:tls';
import { errorCode } from '../../../errors/error-code.js';
import type { EventSink } from '../../../operations/events.js';
import { listening, type ListeningOn } from '../../../operations/listening.js';
import type { Clock } from '../../../runtime/clock.js';
import { plainAddress } from '../../client-address.js';
import type { Hl7v2Endpoint } from '../endpoint.js';
import { Admission } from './admission.js';
import { MllpConnection, type ConnectionLimits } from './connection.js';
import { fingerprintOf, type Peers } from './peers.js';
import { ToldSparingly } from '../../../runtime/told-sparingly.js';

/** Where systems connect that speak HL7 v2 over MLLP. */
export interface MllpListener {
  /** Resolves with the address in use once it is listening. @throws ListenerUnavailable */
  start(): Promise<ListeningOn>;
  /**
   * Takes nothing new, closes what is idle, and answers messages that have begun, for `graceMilliseconds` at most; then cuts
   * what is left. Resolves when the last connection is closed and nothing is being answered any more.
   */
  stop(graceMilliseconds: number): Promise<void>;
  /**
   * Shows new connections another certificate; those that there are go on. Where other authorities are believed than before, all
   * are closed as soon as the message that has begun is answered, and their peers have to show themselves anew. Nothing without TLS.
   * @throws what OpenSSL refuses
   */
  renewCertificate(tls: TlsOptions): void;
}

/** What the listener is made of. */
export interface MllpListenerParts {
  readonly endpoint: Hl7v2Endpoint;
  readonly peers: Pick<Peers, 'knows' | 'identify'>;
  readonly settings: MllpListenerSettings;
  /** Certificate and key, and `ca` where clients have to show a certificate; undefined for plaintext. */
  readonly tls: TlsOptions | undefined;
  readonly events: EventSink;
  readonly clock: Clock;
}

export interface MllpListenerSettings {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress?: number | undefined;
  readonly limits: ConnectionLimits;
  /** How long TLS may take to come about, in milliseconds. */
  readonly handshake?: number;
}

const HANDSHAKE = 10_000;

const MIN_VERSION = 'TLSv1.2';

/** A peer that says nothing is asked after so long whether it is still there, in milliseconds. */
const KEEP_ALIVE = 60_000;

/** The MLLP listener, not yet started. */
export function createMllpListener(parts: MllpListenerParts): MllpListener {
  return new SocketListener(parts);
}

class SocketListener implements MllpListener {
  readonly #server: Server;
  readonly #admission: Admission;
  /** By code: a client whose certificate has run out comes back at once, for as long as it takes. */
  readonly #failedHandshakes: ToldSparingly<string>;
  /** All sockets that were let in, those included that have not got beyond TLS. */
  readonly #sockets = new Set<Socket>();
  /** Those of them that are on their way there, by name. */
  readonly #shakingHands = new Map<string, Socket>();
  readonly #connections = new Set<MllpConnection>();
  /** The same by name. */
  readonly #conversations = new Map<string, MllpConnection>();
  /** Brings TLS about over sockets that were let in. */
  readonly #tlsServer: TlsServer | undefined;
  /** Who is believed about clients. */
  #authorities: TlsOptions['ca'];
  #stopped: Promise<void> | undefined;

  constructor(private readonly parts: MllpListenerParts) {
    const { peers, settings, tls, events, clock } = parts;
    this.#admission = new Admission({
      isKnown: (address) => peers.knows(address),
      isBusy: (socket) => this.#conversations.get(nameOf(socket))?.isAnswering === true,
      maxConnections: settings.maxConnections,
      maxConnectionsPerAddress: settings.maxConnectionsPerAddress,
      events,
      clock,
    });
    this.#failedHandshakes = new ToldSparingly(clock);
    this.#authorities = tls?.ca;
    this.#tlsServer = tls === undefined ? undefined : this.#tlsOver(tls);
    // A peer may end its side as soon as it has asked.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.#accept(socket);
    });
  }

  start(): Promise<ListeningOn> {
    return listening(this.#server, 'listeners.mllp', this.parts.settings, (error) => {
      this.parts.events.emit('mllpListenerFailed', { code: errorCode(error) ?? 'unknown' });
    });
  }

  stop(graceMilliseconds: number): Promise<void> {
    this.#stopped ??= this.#drain(graceMilliseconds);
    return this.#stopped;
  }

  renewCertificate(tls: TlsOptions): void {
    // Whether clients have to show a certificate is settled at the start; without authorities, those of browsers would do.
    const ca = this.#authorities && (tls.ca ?? this.#authorities);
    this.#tlsServer?.setSecureContext({ ...tls, ca, minVersion: MIN_VERSION });
    if (String(ca) === String(this.#authorities)) return;
    this.#authorities = ca;
    this.#drainConnections();
  }

  /** Closes what is idle, or on its way through TLS, and answers messages that have begun. */
  #drainConnections(): void {
    for (const socket of this.#shakingHands.values()) socket.destroy();
    for (const connection of this.#connections) connection.drain();
  }

  #accept(socket: Socket): void {
    // What goes wrong with it is seen by whoever reads it, or by nobody.
    socket.on('error', () => undefined);
    const remoteAddress = addressOf(socket);
    const isExpected = remoteAddress !== '' && this.#stopped === undefined;
    if (!isExpected || !this.#admission.admit(socket, remoteAddress)) {
      socket.destroy();
      return;
    }
    socket.setKeepAlive(true, KEEP_ALIVE);
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
    });
    if (this.#tlsServer === undefined) {
      this.#converse(socket, remoteAddress, undefined);
    } else {
      const name = nameOf(socket);
      this.#shakingHands.set(name, socket);
      socket.once('close', () => this.#shakingHands.delete(name));
      this.#tlsServer.emit('connection', socket);
    }
  }

  #tlsOver(tls: TlsOptions): TlsServer {
    const asksForCertificate = tls.ca !== undefined;
    const server = createTlsServer({
      ...tls,
      requestCert: asksForCertificate,
      // Judged below: Node.js itself would not tell whom it refuses, nor why.
      rejectUnauthorized: false,
      minVersion: MIN_VERSION,
      handshakeTimeout: this.parts.settings.handshake ?? HANDSHAKE,
    });
    server.on('secureConnection', (socket) => {
      this.#shakingHands.delete(nameOf(socket));
      if (asksForCertificate && !socket.authorized) this.#refuse(socket, whyUnauthorised(socket));
      else this.#converse(socket, addressOf(socket), certificateOf(socket));
    });
    server.on('tlsClientError', (error, socket) => {
      this.#refuse(socket, errorCode(error) ?? 'unknown');
    });
    return server;
  }

  #refuse(socket: TLSSocket, code: string): void {
    const remoteAddress = addressOf(socket);
    socket.destroy();
    const count = this.#failedHandshakes.count(code);
    if (count !== undefined) this.parts.events.emit('mllpHandshakeFailed', { remoteAddress, code, count });
  }

  #converse(socket: Socket, remoteAddress: string, certificate: string | undefined): void {
    const { endpoint, peers, settings, events, clock } = this.parts;
    const connection = new MllpConnection({
      socket,
      remoteAddress,
      identify: (header) => peers.identify({ remoteAddress, certificate }, header),
      endpoint,
      limits: settings.limits,
      events,
      clock,
    });
    const name = nameOf(socket);
    this.#connections.add(connection);
    this.#conversations.set(name, connection);
    if (this.#stopped !== undefined) connection.drain();
    void connection.done.then(() => {
      this.#connections.delete(connection);
      // The name may be another connection's by now.
      if (this.#conversations.get(name) === connection) this.#conversations.delete(name);
    });
  }

  async #drain(graceMilliseconds: number): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    const drained = new AbortController();
    const grace = this.parts.clock.sleep(graceMilliseconds, drained.signal).then(
      () => {
        for (const socket of this.#sockets) socket.destroy();
      },
      () => undefined,
    );
    this.#drainConnections();
    await closed;
    drained.abort('drained');
    await grace;
    await Promise.all([...this.#connections].map(({ done }) => done));
  }
}

/** The same for a TLS socket and the one beneath it. */
function nameOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** Empty for a socket whose peer is gone already, which nobody knows. */
function addressOf({ remoteAddress = '' }: Socket): string {
  return plainAddress(remoteAddress) ?? remoteAddress;
}

function certificateOf(socket: TLSSocket): string | undefined {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  return certificate && fingerprintOf(certificate.fingerprint256);
}

/** Why the certificate of a client is not accepted. */
function whyUnauthorised(socket: TLSSocket): string {
  if (socket.getPeerX509Certificate() === undefined) return 'no-certificate';
  // A code, whatever its type says.
  const reason: unknown = socket.authorizationError;
  return typeof reason === 'string' ? reason : 'unknown';
}
