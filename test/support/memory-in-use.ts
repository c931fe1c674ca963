import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Octets that are still in use: what is garbage is swept up first, so that the figure says what is held. */
export function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  // Buffers are freed beside the program; the second sweep waits for what the first one began.
  runInNewContext('gc(); gc();');
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
