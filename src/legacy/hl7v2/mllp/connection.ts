import type { Socket } from 'node:net';
import type { LegacyClient } from '../../../access/legacy-client.js';
import { asAdapterError, type AdapterError } from '../../../errors/errors.js';
import type { AdapterEvents, EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Hl7v2Endpoint, Hl7v2Reply } from '../endpoint.js';
import type { MessageHeader } from '../message/header.js';
import { framed } from './frame.js';
import { FrameDecoder, type Received } from './frame-decoder.js';
import { OctetSource } from './octet-source.js';

/** How much a peer may send, and how slow it may be. Times in milliseconds. */
export interface ConnectionLimits {
  readonly maxMessageBytes: number;
  /** Until a message begins. */
  readonly idle: number;
  /** For a message that has begun to end, and for its answer to be taken. */
  readonly message: number;
}

/** What a connection is made of. */
export interface MllpConnectionParts {
  /** One that stays open for answers when the peer has ended its side. */
  readonly socket: Socket;
  readonly remoteAddress: string;
  /** @throws NotAuthenticated */
  readonly identify: (header: MessageHeader) => LegacyClient;
  readonly endpoint: Hl7v2Endpoint;
  readonly limits: ConnectionLimits;
  readonly events: EventSink;
  readonly clock: Clock;
}

/** So many octets in no message are enough to see that the peer speaks something else. */
const MOST_SKIPPED = 64 * 1024;

/** For so long a connection that we have ended is read from, since closing at once could take the last answer with it. */
const LINGERING = 2_000;

const DONE = 'what was waited for has come';

/**
 * One connection of a peer. Its messages are answered one at a time, in their order; what comes meanwhile waits in the socket
 * and then at the peer, which can send no faster than it is answered.
 */
export class MllpConnection {
  /** Resolves when the socket is closed and nothing is being answered any more. */
  readonly done: Promise<void>;
  readonly #decoder: FrameDecoder;
  readonly #source: OctetSource;
  readonly #gone = new AbortController();
  #isDraining = false;
  #isIdle = false;
  #isAnswering = false;

  constructor(private readonly parts: MllpConnectionParts) {
    const { socket, limits } = parts;
    this.#decoder = new FrameDecoder(limits.maxMessageBytes);
    this.#source = new OctetSource(socket);
    socket.once('close', () => {
      this.#gone.abort('the peer is gone');
    });
    this.done = this.#serve();
  }

  /** Whether a message is here whose answer is not with the peer yet. */
  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  /** Closes as soon as the message that has begun is answered; at once where none has. */
  drain(): void {
    this.#isDraining = true;
    if (this.#isIdle) this.cut();
  }

  /** Closes at once. */
  cut(): void {
    this.parts.socket.destroy();
  }

  async #serve(): Promise<void> {
    try {
      await this.#converse();
    } catch (error) {
      // The endpoint answers whatever happens, so that this is a mistake of our own.
      this.#cutFor('failed', asAdapterError(error));
    }
    this.#tellSkipped();
    this.cut();
    await this.#source.closed;
  }

  async #converse(): Promise<void> {
    for (;;) {
      const received = await this.#receive();
      this.#tellSkipped();
      if (received === undefined) break;
      this.#isAnswering = true;
      await this.#send(await this.#answer(received));
      this.#isAnswering = false;
      if (received.kind === 'too-large') {
        this.#tellCut('message-too-large');
        break;
      }
      if (this.#isDraining) break;
    }
    await this.#finish();
  }

  /** The next message; undefined when there are no more. */
  async #receive(): Promise<Received | undefined> {
    const { idle, message } = this.parts.limits;
    let phase: 'between' | 'within' | undefined;
    let unwatch = (): void => undefined;
    try {
      for (;;) {
        // Nobody is left to be answered, however much had come before.
        if (this.parts.socket.destroyed) return undefined;
        const received = this.#decoder.next();
        if (received !== undefined) return received;
        const isWithin = this.#decoder.isWithinMessage;
        if (!isWithin && this.#isDraining) return undefined;
        if (this.#decoder.skipped.octets > MOST_SKIPPED) {
          this.#cutFor('not-mllp');
          return undefined;
        }
        if (phase === undefined || (phase === 'between' && isWithin)) {
          unwatch();
          phase = isWithin ? 'within' : 'between';
          unwatch = isWithin ? this.#watch(message, 'message-too-slow') : this.#watch(idle, 'idle');
        }
        this.#isIdle = !isWithin;
        const octets = await this.#source.read();
        this.#isIdle = false;
        if (octets === undefined) {
          this.#decoder.end();
          return undefined;
        }
        this.#decoder.push(octets);
      }
    } finally {
      unwatch();
    }
  }

  #answer(received: Received): Promise<Hl7v2Reply> {
    const { endpoint, remoteAddress, identify } = this.parts;
    const origin = { remoteAddress, identify, signal: this.#gone.signal };
    return received.kind === 'message'
      ? endpoint.answer(received.octets, origin)
      : endpoint.refuseTooLarge(received.beginning, origin);
  }

  /** Resolves when the peer, or the network at least, has taken it; or the connection is closed. */
  async #send({ octets }: Hl7v2Reply): Promise<void> {
    const { socket, limits } = this.parts;
    const unwatch = this.#watch(limits.message, 'answer-not-taken');
    await new Promise<void>((resolve) => {
      socket.write(framed(octets), () => {
        resolve();
      });
    });
    unwatch();
  }

  async #finish(): Promise<void> {
    const { socket, clock } = this.parts;
    const linger = new AbortController();
    clock.sleep(LINGERING, linger.signal).then(
      () => {
        this.cut();
      },
      () => undefined,
    );
    socket.end();
    while ((await this.#source.read()) !== undefined);
    await this.#source.closed;
    linger.abort(DONE);
  }

  /** Closes the connection, unless what is given back is called before. */
  #watch(milliseconds: number, reason: CutReason): () => void {
    const watch = new AbortController();
    this.parts.clock.sleep(milliseconds, watch.signal).then(
      () => {
        this.#cutFor(reason);
      },
      () => undefined,
    );
    return () => {
      watch.abort(DONE);
    };
  }

  #cutFor(reason: CutReason, error?: AdapterError): void {
    // What is closed already was not cut.
    if (!this.parts.socket.destroyed) this.#tellCut(reason, error);
    this.cut();
  }

  #tellCut(reason: CutReason, error?: AdapterError): void {
    const { events, remoteAddress } = this.parts;
    events.emit('mllpConnectionCut', { remoteAddress, reason, error });
  }

  #tellSkipped(): void {
    const skipped = this.#decoder.takeSkipped();
    if (skipped.octets === 0 && skipped.brokenFrames === 0) return;
    const { events, remoteAddress } = this.parts;
    events.emit('mllpOctetsSkipped', { remoteAddress, ...skipped });
  }
}

type CutReason = AdapterEvents['mllpConnectionCut']['reason'];
