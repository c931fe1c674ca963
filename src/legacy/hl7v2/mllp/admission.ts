import type { AdapterEvents, EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import { ToldSparingly } from '../../../runtime/told-sparingly.js';

/** Who is let in, before anything is read. */
export interface AdmissionParts {
  /** Whether any client is at that address. */
  readonly isKnown: (address: string) => boolean;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress?: number | undefined;
  readonly events: EventSink;
  readonly clock: Clock;
}

type Reason = AdapterEvents['mllpConnectionsRefused']['reason'];

/** Counts the connections, and lets in whom there is a place for. */
export class Admission {
  readonly #open = new Map<string, number>();
  readonly #refused: ToldSparingly<Reason>;
  #connections = 0;

  constructor(private readonly parts: AdmissionParts) {
    this.#refused = new ToldSparingly(parts.clock);
  }

  /** Takes a place, to be given back by what is returned; undefined where there is none. */
  admit(remoteAddress: string): (() => void) | undefined {
    const { isKnown, maxConnections, maxConnectionsPerAddress = maxConnections } = this.parts;
    const ofAddress = this.#open.get(remoteAddress) ?? 0;
    const reason = !isKnown(remoteAddress)
      ? 'unknown-address'
      : this.#connections >= maxConnections
        ? 'too-many'
        : ofAddress >= maxConnectionsPerAddress
          ? 'too-many-of-address'
          : undefined;
    if (reason !== undefined) {
      this.#refuse(reason, remoteAddress);
      return undefined;
    }
    this.#connections += 1;
    this.#open.set(remoteAddress, ofAddress + 1);
    return () => {
      this.#connections -= 1;
      const left = (this.#open.get(remoteAddress) ?? 1) - 1;
      if (left === 0) this.#open.delete(remoteAddress);
      else this.#open.set(remoteAddress, left);
    };
  }

  #refuse(reason: Reason, remoteAddress: string): void {
    const count = this.#refused.count(reason);
    if (count !== undefined)
      this.parts.events.emit('mllpConnectionsRefused', { remoteAddress, reason, count });
  }
}
