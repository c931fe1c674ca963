import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';
import type { Random } from './random.js';

/** So many octets are fetched at a time: the system takes as long for a few as for these. */
const FETCHED_LENGTH = 4_096;

/** The most that is taken of what was fetched, enough for a nonce. Keys are fetched when they are wanted, and lie nowhere before. */
const SMALL_LENGTH = 16;

/** The operating system's source of randomness. */
export const systemRandom: Random = {
  uuid: () => randomUUID(),
  bytes: createBytes(),
};

function createBytes(): Random['bytes'] {
  const fetched = Buffer.alloc(FETCHED_LENGTH);
  let taken = fetched.length;
  return (length) => {
    if (length > SMALL_LENGTH) return randomBytes(length);
    if (taken + length > fetched.length) {
      randomFillSync(fetched);
      taken = 0;
    }
    const octets = Buffer.from(fetched.subarray(taken, taken + length));
    // Whoever has them has them alone.
    fetched.fill(0, taken, taken + length);
    taken += length;
    return octets;
  };
}
