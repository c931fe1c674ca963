import type { Socket } from 'node:net';
import type { Clock } from '../runtime/clock.js';
import { ToldSparingly } from '../runtime/told-sparingly.js';
import type { EventSink } from './events.js';
import type { HttpListenerName, ListenerEvents } from './listener-events.js';

/** How many connections a listener has at a time. */
export interface ConnectionLimits {
  readonly maxConnections: number;
  /** Of these at most so many from one origin. */
  readonly maxConnectionsPerAddress?: number | undefined;
}

/** What connections are counted for. */
export interface OpenConnectionsParts extends ConnectionLimits {
  readonly listener: HttpListenerName;
  readonly events: EventSink;
  readonly clock: Clock;
}

/** Where a connection comes from. */
export interface Origin {
  readonly remoteAddress: string;
  /** What is counted as one: the address, or its network. */
  readonly network: string;
  /** False where somebody from there is never served. */
  readonly isExpected: boolean;
  /** Brings the connections of many others, as a load balancer does: there is no limit of its own, and it need not give way. */
  readonly isProxy: boolean;
}

interface Connection {
  readonly socket: Socket;
  readonly origin: Origin;
  requests: number;
}

type Reason = ListenerEvents['connectionsTurnedAway']['reason'];

/**
 * The connections of a listener. Once there are as many as may be, whoever has most of them gives up one on which nothing is
 * under way for somebody who has fewer: so nobody who only opens connections keeps others out.
 */
export class OpenConnections {
  readonly #connections = new Map<string, Connection>();
  /** By where they come from, those first on which nothing has happened for longest. */
  readonly #ofNetwork = new Map<string, Map<string, Connection>>();
  readonly #turnedAway: ToldSparingly<Reason>;

  constructor(private readonly parts: OpenConnectionsParts) {
    this.#turnedAway = new ToldSparingly(parts.clock);
  }

  /** Gives a new connection its place, or closes it where there is none. @param name its name among those that are open */
  take(name: string, socket: Socket, origin: Origin): void {
    const { maxConnections, maxConnectionsPerAddress = maxConnections } = this.parts;
    const others = this.#ofNetwork.get(origin.network)?.size ?? 0;
    if (!origin.isExpected) {
      this.#close(socket, 'unknown-address', origin);
      return;
    }
    if (!origin.isProxy && others >= maxConnectionsPerAddress) {
      this.#close(socket, 'too-many-of-address', origin);
      return;
    }
    if (this.#connections.size >= maxConnections) {
      const giving = this.#whoGivesWay(others);
      if (giving === undefined) {
        this.#close(socket, 'too-many', origin);
        return;
      }
      const [itsName, { socket: its, origin: itsOrigin }] = giving;
      this.#leave(itsName, its);
      this.#close(its, 'gave-way', itsOrigin);
    }
    const connection = { socket, origin, requests: 0 };
    this.#connections.set(name, connection);
    const ofNetwork = this.#ofNetwork.get(origin.network) ?? new Map<string, Connection>();
    this.#ofNetwork.set(origin.network, ofNetwork.set(name, connection));
    socket.once('close', () => {
      this.#leave(name, socket);
    });
  }

  /** A request has begun on the connection of that name. */
  begin(name: string): void {
    const connection = this.#connections.get(name);
    if (connection !== undefined) connection.requests += 1;
  }

  /** It is over. */
  end(name: string): void {
    const connection = this.#connections.get(name);
    if (connection === undefined) return;
    connection.requests = Math.max(0, connection.requests - 1);
    const ofNetwork = this.#ofNetwork.get(connection.origin.network);
    if (ofNetwork?.delete(name) === true) ofNetwork.set(name, connection);
  }

  /** One that is idle, of whoever has most, if that is at least two more than who asks: else places would go to and fro. */
  #whoGivesWay(others: number): readonly [string, Connection] | undefined {
    let found: readonly [string, Connection] | undefined;
    let most = others + 1;
    for (const ofNetwork of this.#ofNetwork.values()) {
      if (ofNetwork.size <= most) continue;
      const idle = [...ofNetwork].find(([, { origin, requests }]) => requests === 0 && !origin.isProxy);
      if (idle === undefined) continue;
      found = idle;
      most = ofNetwork.size;
    }
    return found;
  }

  #leave(name: string, socket: Socket): void {
    const connection = this.#connections.get(name);
    // The name may be another connection's by now.
    if (connection?.socket !== socket) return;
    this.#connections.delete(name);
    const { network } = connection.origin;
    const ofNetwork = this.#ofNetwork.get(network);
    ofNetwork?.delete(name);
    if (ofNetwork?.size === 0) this.#ofNetwork.delete(network);
  }

  #close(socket: Socket, reason: Reason, { remoteAddress }: Origin): void {
    socket.destroy();
    const { events, listener } = this.parts;
    const count = this.#turnedAway.count(reason);
    if (count !== undefined) events.emit('connectionsTurnedAway', { listener, remoteAddress, reason, count });
  }
}
