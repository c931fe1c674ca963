import { existsSync, statfsSync } from 'node:fs';
import path from 'node:path';

/** How much an ordinary user may still write on the disk of a folder; of one that is not there yet, where it would be. @throws what node:fs throws */
export function freeBytes(folder: string): number {
  const place = path.resolve(folder);
  const parent = path.dirname(place);
  if (!existsSync(place) && parent !== place) return freeBytes(parent);
  const { bavail, blocks, bsize } = statfsSync(place);
  // A file system that does not tell its size does not tell what is left of it, either.
  return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
}
