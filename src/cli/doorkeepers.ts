import { Doorkeeper, type DoorkeeperParts } from '../legacy/overload/doorkeeper.js';
import type { Closing } from './closing.js';

/** Puts a doorkeeper with so many places at a listener. */
export type PutDoorkeeper = (places: number) => Doorkeeper;

/** Doorkeepers who tell at the end of those they have not told of yet. */
export function doorkeepers(parts: Omit<DoorkeeperParts, 'places'>, closing: Closing): PutDoorkeeper {
  return (places) => {
    const doorkeeper = new Doorkeeper({ ...parts, places });
    closing.add(() => {
      doorkeeper.close();
    });
    return doorkeeper;
  };
}
