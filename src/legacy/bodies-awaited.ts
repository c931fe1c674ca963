import type { Clock } from '../runtime/clock.js';
import { PassingMap } from '../runtime/passing-map.js';

/** So long a body may be on its way before its request can lose its place to another one, in milliseconds. */
const PATIENCE = 250;

/** A body that is waited for. */
export interface AwaitedBody {
  /** Aborts when it is waited for no longer. */
  readonly signal: AbortSignal;
  /** It is here, or will never be. */
  over(): void;
}

interface Waiting {
  readonly since: number;
  readonly giveUp: () => void;
}

/**
 * The bodies that are on their way. Their requests hold places that others want, and whoever sends a header costs us nothing to
 * keep: so when all places are taken, the one that has been waited for longest gives way.
 */
export class BodiesAwaited {
  readonly #waiting = new PassingMap<number, Waiting>();
  #came = 0;

  constructor(private readonly clock: Clock) {}

  /** @param leave gives the place of its request back */
  wait(leave: () => void): AwaitedBody {
    const given = new AbortController();
    const waiting: Waiting = {
      since: this.clock.now().getTime(),
      giveUp: () => {
        leave();
        // Without a reason, each abort makes an error with a stack.
        given.abort('others want the place');
      },
    };
    const name = (this.#came += 1);
    this.#waiting.set(name, waiting);
    return {
      signal: given.signal,
      over: () => {
        this.#waiting.delete(name);
      },
    };
  }

  /** Waits no longer for the one that has taken longest; false when none has taken long. */
  giveUpOldest(): boolean {
    const [name, oldest] = this.#waiting.first ?? [];
    if (name === undefined || oldest === undefined) return false;
    if (this.clock.now().getTime() - oldest.since < PATIENCE) return false;
    this.#waiting.delete(name);
    oldest.giveUp();
    return true;
  }
}
