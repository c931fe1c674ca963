import { MalformedRequest } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';

/** How slow a peer may be whose body, or whose answer, goes by in pieces. Only time in which we wait for it counts. */
export interface PaceLimits {
  /** Milliseconds without anything. */
  readonly stall: number;
  /** In so many milliseconds so many octets at least. */
  readonly window: number;
  readonly octetsPerWindow: number;
}

/** The peer did not send, or did not take, what was to come. */
export class PeerTooSlow extends MalformedRequest {}

/** Watches how a peer gets on. */
export class Pace {
  #waited = 0;
  #octets = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limits: PaceLimits,
  ) {}

  /** Waits for the peer. @throws PeerTooSlow */
  async wait(peer: Promise<unknown>): Promise<void> {
    const { clock, limits } = this;
    const began = clock.now().getTime();
    const watch = new AbortController();
    const stalled = clock.sleep(limits.stall, watch.signal).then(
      () => {
        throw new PeerTooSlow('the peer came to a standstill');
      },
      () => undefined,
    );
    try {
      await Promise.race([peer, stalled]);
    } finally {
      watch.abort('the peer gets on');
    }
    // A clock that is put forward meanwhile is not the peer's fault.
    this.#waited += Math.max(0, Math.min(clock.now().getTime() - began, limits.stall));
  }

  /** Takes note of what has come or gone. @throws PeerTooSlow */
  moved(octets: number): void {
    const { window, octetsPerWindow } = this.limits;
    this.#octets += octets;
    if (this.#waited < window) return;
    if (this.#octets < octetsPerWindow) throw new PeerTooSlow('the peer is slower than can be waited for');
    this.#waited = 0;
    this.#octets = 0;
  }
}
