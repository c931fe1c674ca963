import type { Clock } from '../../runtime/clock.js';
import type { Caller } from '../person-registry.js';
import type { NotCompared } from './compared-answers.js';

const DAY = 24 * 60 * 60_000;

/** Counts who is not compared. There are few clients, operations and reasons, so that nothing is lost while the store fails. */
export class NotComparedTally {
  #counts = new Map<string, NotCompared>();

  constructor(private readonly clock: Clock) {}

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** So many more. */
  add({ clientId, protocol, operation }: Caller, reason: NotCompared['reason'], people: number): void {
    if (people <= 0) return;
    const at = this.clock.now();
    const day = Math.floor(at.getTime() / DAY);
    const key = JSON.stringify([clientId, protocol, operation, reason, day]);
    const before = this.#counts.get(key)?.people ?? 0;
    this.#counts.set(key, { at, clientId, protocol, operation, reason, people: before + people });
  }

  /** Hands over all that was counted; it is counted no more once it was taken without an error. */
  handOver(take: (counts: readonly NotCompared[]) => void): void {
    take([...this.#counts.values()]);
    this.#counts.clear();
  }
}
