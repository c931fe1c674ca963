import { Doorkeeper } from '../../src/legacy/overload/doorkeeper.js';
import type { Clock } from '../../src/runtime/clock.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';

/** A doorkeeper with so many places whose refusals nobody is told of. */
export function silentDoorkeeper(places: number, clock: Clock = systemClock): Doorkeeper {
  return new Doorkeeper({ places, events: { emit: () => undefined }, clock, random: systemRandom });
}
