import { randomBytes, randomUUID } from 'node:crypto';
import type { Random } from './random.js';

/** The operating system's source of randomness. */
export const systemRandom: Random = {
  uuid: () => randomUUID(),
  bytes: (length) => randomBytes(length),
};
