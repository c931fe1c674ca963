import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { LegacyClient } from '../../../../src/access/legacy-client.js';
import type { Hl7v2Endpoint, Hl7v2Reply, MessageOrigin } from '../../../../src/legacy/hl7v2/endpoint.js';
import {
  createMllpListener,
  type MllpListener,
  type MllpListenerSettings,
} from '../../../../src/legacy/hl7v2/mllp/listener.js';
import { Peers, type Peer } from '../../../../src/legacy/hl7v2/mllp/peers.js';
import { parseNetworkList } from '../../../../src/runtime/network-list.js';
import { noQuirks } from '../../../support/quirks.js';
import { RawConnection } from '../../../support/raw-connection.js';
import { RecordedEvents } from '../../../support/recorded-events.js';
import { StandingClock } from '../../../support/standing-clock.js';

/** Times of the listener's limits, in milliseconds. */
export const IDLE = 300_000;
export const MESSAGE = 30_000;
export const MAX_BYTES = 1024 * 1024;

/** A message in its frame, as text. */
export function frame(message: string): string {
  return `\x0b${message}\x1c\r`;
}

/** What the listener's endpoint does with a message; the answer is text. */
export type Answering = (message: string, origin: MessageOrigin) => Promise<string> | string;

/** How a listener is opened. */
export interface Opening {
  readonly answer?: Answering;
  readonly peers?: readonly Peer[];
  readonly settings?: Partial<MllpListenerSettings>;
  readonly tls?: TlsOptions;
}

/** A listener with everything around it in the test's hands. */
export interface MllpBench {
  readonly listener: MllpListener;
  readonly port: number;
  readonly clock: StandingClock;
  readonly events: RecordedEvents;
  /** The messages that the endpoint was given, oldest first. */
  readonly asked: string[];
  /** What it was given of those that were too large. */
  readonly tooLarge: string[];
  readonly connection: () => Promise<RawConnection>;
  /** A socket that reads nothing until it is told to, from an address of its own where one is given. */
  readonly socket: (localAddress?: string) => Promise<Socket>;
}

export function peerAt(addresses: readonly string[], marks: Partial<Peer> = {}): Peer {
  const list = parseNetworkList(addresses);
  if (list === undefined) throw new Error('malformed');
  return { client: clientNamed('epj'), addresses: list, ...marks };
}

export function clientNamed(id: string): LegacyClient {
  return {
    id,
    protocols: new Set(['hl7v2']),
    organisation: { parent: '999999999' },
    access: 'full',
    visible: new Set(),
    quirks: noQuirks,
  };
}

/** Listeners for one suite's tests, gone after each test. Call inside `describe`. */
export function mllpBenches(): (opening?: Opening) => Promise<MllpBench> {
  const opened: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });
  return async ({ answer = (message: string) => `AA ${message}`, peers, settings, tls } = {}) => {
    const clock = new StandingClock('2026-03-01T12:00:00Z');
    const events = new RecordedEvents();
    const asked: string[] = [];
    const tooLarge: string[] = [];
    const endpoint: Hl7v2Endpoint = {
      answer: async (octets, origin) => {
        const message = textOf(octets);
        asked.push(message);
        return replyOf(await answer(message, origin));
      },
      refuseTooLarge: (beginning) => {
        tooLarge.push(textOf(beginning));
        return Promise.resolve(replyOf('AR too large'));
      },
      refuseBusy: () => replyOf('AE busy'),
    };
    const listener = createMllpListener({
      endpoint,
      peers: new Peers(peers ?? [peerAt(['127.0.0.0/8'])]),
      settings: {
        host: '127.0.0.1',
        port: 0,
        maxConnections: 100,
        limits: { maxMessageBytes: MAX_BYTES, idle: IDLE, message: MESSAGE },
        ...settings,
      },
      tls,
      events,
      clock,
    });
    const { port } = await listener.start();
    opened.push(async () => {
      const stopped = listener.stop(1);
      await clock.advance(1);
      await stopped;
    });
    return {
      listener,
      port,
      clock,
      events,
      asked,
      tooLarge,
      connection: async () => {
        const connection = await RawConnection.open(port);
        opened.push(() => {
          connection.close();
        });
        return connection;
      },
      socket: async (localAddress = '127.0.0.1') => {
        const socket = connect({ port, host: '127.0.0.1', localAddress });
        socket.on('error', () => undefined);
        opened.push(() => socket.destroy());
        await once(socket, 'connect');
        return socket;
      },
    };
  };
}

/** Something that a test lets happen. */
export class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

function textOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}

function replyOf(text: string): Hl7v2Reply {
  return { octets: Buffer.from(text, 'latin1'), charsetLabel: 'iso-8859-1' };
}
