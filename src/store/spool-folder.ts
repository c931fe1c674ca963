import { mkdtempSync, rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OWN_FILE_PREFIX } from './data-directory.js';
import { DiskAlmostFull } from './store-errors.js';

/** The folder's name below `data.directory`. */
export const SPOOL_FOLDER = `${OWN_FILE_PREFIX}filematch`;

/** The folder that the folders of jobs lie in. */
export interface SpoolFolder {
  /** The folder it lies in is there; it itself need not be. */
  path(): string;
  /** To be asked before anything is written. @throws DiskAlmostFull, what the file system throws */
  assertRoom(): Promise<void>;
  /** The store is closed. */
  letGo(): void;
}

/** What jobs leave free of the disk, in octets: without room for an audit entry nobody is answered, job or no job. */
export const LEFT_FREE = 256 * 1024 * 1024;

/**
 * The one in the data folder, which outlives the process.
 * @param freeOctets of the disk that a folder is on
 */
export function spoolFolderIn(directory: string, freeOctets = freeOctetsOf): SpoolFolder {
  const folder = path.join(directory, SPOOL_FOLDER);
  return {
    path: () => folder,
    assertRoom: async () => {
      if ((await freeOctets(directory)) < LEFT_FREE) throw new DiskAlmostFull();
    },
    letGo: () => undefined,
  };
}

async function freeOctetsOf(folder: string): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(folder);
  // A file system that does not tell its size does not tell what is left of it, either.
  return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
}

/** One among the system's temporary files, made when it is first asked for, gone when the store is closed. */
export function temporarySpoolFolder(): SpoolFolder {
  let made: string | undefined;
  return {
    path: () => path.join((made ??= mkdtempSync(path.join(tmpdir(), OWN_FILE_PREFIX))), SPOOL_FOLDER),
    assertRoom: () => Promise.resolve(),
    letGo: () => {
      if (made !== undefined) rmSync(made, { recursive: true, force: true });
      made = undefined;
    },
  };
}
