import type { Socket } from 'node:net';
import type { AdapterEvents, EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import { ToldSparingly } from '../../../runtime/told-sparingly.js';

/** Who is let in, before anything is read. */
export interface AdmissionParts {
  /** Whether any client is at that address. */
  readonly isKnown: (address: string) => boolean;
  /** Whether something is being answered on that connection. */
  readonly isBusy: (socket: Socket) => boolean;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress?: number | undefined;
  readonly events: EventSink;
  readonly clock: Clock;
}

type Reason = AdapterEvents['mllpConnectionsRefused']['reason'];

/**
 * Keeps the connections, and lets in whom there is a place for. Once there are as many as may be, whoever has most of them gives
 * up one on which nothing is being answered for somebody who has fewer: nobody who only connects keeps others out.
 */
export class Admission {
  /** By address, those that have been there for longest first. */
  readonly #open = new Map<string, Set<Socket>>();
  readonly #refused: ToldSparingly<Reason>;
  #connections = 0;

  constructor(private readonly parts: AdmissionParts) {
    this.#refused = new ToldSparingly(parts.clock);
  }

  /** Takes a place for a connection until it is closed; false where there is none. */
  admit(socket: Socket, remoteAddress: string): boolean {
    const { isKnown, maxConnections, maxConnectionsPerAddress = maxConnections } = this.parts;
    const own = this.#open.get(remoteAddress)?.size ?? 0;
    const reason = !isKnown(remoteAddress)
      ? 'unknown-address'
      : own >= maxConnectionsPerAddress && own < maxConnections
        ? 'too-many-of-address'
        : this.#connections >= maxConnections && !this.#makeRoom(own)
          ? 'too-many'
          : undefined;
    if (reason !== undefined) {
      this.#tell(reason, remoteAddress);
      return false;
    }
    this.#connections += 1;
    this.#open.set(remoteAddress, (this.#open.get(remoteAddress) ?? new Set()).add(socket));
    socket.once('close', () => {
      this.#leave(socket, remoteAddress);
    });
    return true;
  }

  /** At least two more than who asks: else places would go to and fro. */
  #makeRoom(own: number): boolean {
    for (const [address, sockets] of [...this.#open].sort(([, one], [, other]) => other.size - one.size)) {
      if (sockets.size < own + 2) return false;
      const giving = [...sockets].find((socket) => !this.parts.isBusy(socket));
      if (giving === undefined) continue;
      this.#leave(giving, address);
      giving.destroy();
      this.#tell('gave-way', address);
      return true;
    }
    return false;
  }

  #leave(socket: Socket, remoteAddress: string): void {
    const sockets = this.#open.get(remoteAddress);
    if (sockets?.delete(socket) !== true) return;
    this.#connections -= 1;
    if (sockets.size === 0) this.#open.delete(remoteAddress);
  }

  #tell(reason: Reason, remoteAddress: string): void {
    const count = this.#refused.count(reason);
    if (count !== undefined)
      this.parts.events.emit('mllpConnectionsRefused', { remoteAddress, reason, count });
  }
}
