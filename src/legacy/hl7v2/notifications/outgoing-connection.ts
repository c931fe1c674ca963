import { connect as connectPlainly, isIP, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { connect as connectSecurely, type ConnectionOptions } from 'node:tls';
import { errorCode } from '../../../errors/error-code.js';
import type { Clock } from '../../../runtime/clock.js';
import { framed } from '../mllp/frame.js';
import { FrameDecoder } from '../mllp/frame-decoder.js';
import { OctetSource } from '../mllp/octet-source.js';

/** Where a receiver listens. */
export interface ReceiverAddress {
  readonly host: string;
  readonly port: number;
  /** Undefined for a connection without TLS. */
  readonly tls: OutgoingTls | undefined;
}

/** Whom to trust, and who we are. */
export type OutgoingTls = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'passphrase'>;

/** How long things may take, in milliseconds. */
export interface OutgoingLimits {
  readonly connect: number;
  /** From a message to the end of its answer. */
  readonly answer: number;
}

/** No connection came about, or none that an answer came over. Tells the system's code and never what was said. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';

  constructor(readonly reason: string) {
    super(`the connection failed: ${reason}`);
  }
}

type IsLate = (answer: Uint8Array) => boolean;

/** The largest answer that is read; an acknowledgement has a few hundred octets. */
const LARGEST_ANSWER = 256 * 1024;

/**
 * A connection to a receiver, kept from message to message. Whoever ends it, or leaves a message without its answer, has it
 * made anew, so that its answer cannot come when the next one waits for its own.
 */
export class OutgoingConnection {
  #open: OpenConnection | undefined;

  constructor(
    private readonly address: ReceiverAddress,
    private readonly limits: OutgoingLimits,
    private readonly clock: Clock,
  ) {}

  /** Connects, unless a connection is there. @returns whether it did @throws ConnectionLost, or the reason of the signal */
  async open(signal: AbortSignal): Promise<boolean> {
    if ((await this.#open?.isUsable()) === true) return false;
    this.close();
    const socket = this.#connect();
    // Whatever goes wrong is told by what waits for it; an error that nobody listens to would end the process.
    socket.on('error', () => undefined);
    const begun = this.address.tls === undefined ? 'connect' : 'secureConnect';
    try {
      await this.#within(this.limits.connect, signal, socket, async () => {
        await new Promise<void>((resolve, reject) => {
          socket.once(begun, () => {
            resolve();
          });
          socket.once('error', (error) => {
            reject(new ConnectionLost(errorCode(error) ?? 'refused'));
          });
          socket.once('close', () => {
            reject(new ConnectionLost('closed'));
          });
        });
      });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    this.#open = new OpenConnection(socket);
    return true;
  }

  /**
   * Sends a message and waits for the message that answers it.
   * @param isLate tells answers to earlier messages, which are passed over
   * @throws ConnectionLost when none came, and it is not known whether the message arrived
   */
  async exchange(message: Uint8Array, isLate: IsLate = () => false): Promise<Uint8Array> {
    const open = this.#open;
    if (open === undefined) throw new ConnectionLost('not open');
    try {
      return await this.#within(this.limits.answer, undefined, open.socket, () =>
        open.exchange(message, isLate),
      );
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Ends the connection, if there is one. */
  close(): void {
    this.#open?.socket.destroy();
    this.#open = undefined;
  }

  #connect(): Socket {
    const { host, port, tls } = this.address;
    return tls === undefined
      ? connectPlainly({ host, port })
      : connectSecurely({
          ...tls,
          host,
          port,
          ...(isIP(host) === 0 ? { servername: host } : {}),
          minVersion: 'TLSv1.2',
        });
  }

  async #within<Result>(
    milliseconds: number,
    signal: AbortSignal | undefined,
    socket: Socket,
    work: () => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    const watch = new AbortController();
    const late = new AbortController();
    const cut = (): void => {
      socket.destroy();
    };
    signal?.addEventListener('abort', cut, { once: true });
    this.clock.sleep(milliseconds, watch.signal).then(
      () => {
        late.abort();
        cut();
      },
      () => undefined,
    );
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw late.signal.aborted ? new ConnectionLost('timeout') : error;
    } finally {
      watch.abort('it is over');
      signal?.removeEventListener('abort', cut);
    }
  }
}

class OpenConnection {
  readonly #decoder = new FrameDecoder(LARGEST_ANSWER);
  readonly #source: OctetSource;
  #isOver = false;

  constructor(readonly socket: Socket) {
    this.#source = new OctetSource(socket);
    socket.once('end', () => {
      this.#isOver = true;
    });
  }

  /** Whether the next answer will be one to the next message: nobody has ended the connection or sent what was not asked for. */
  async isUsable(): Promise<boolean> {
    if (this.socket.destroyed || this.#decoder.isWithinMessage) return false;
    // An end is noticed by who reads.
    const unasked: unknown = this.socket.read();
    await turn();
    return unasked === null && !this.#isOver && !this.socket.destroyed;
  }

  async exchange(message: Uint8Array, isLate: IsLate): Promise<Uint8Array> {
    this.socket.write(framed(message));
    for (;;) {
      const received = this.#decoder.next();
      if (received?.kind === 'too-large') throw new ConnectionLost('answer too large');
      if (received?.kind === 'message') {
        if (isLate(received.octets)) continue;
        return received.octets;
      }
      const octets = await this.#source.read();
      if (octets === undefined) throw new ConnectionLost('closed');
      this.#decoder.push(octets);
    }
  }
}
