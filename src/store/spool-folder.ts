import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OWN_FILE_PREFIX } from './data-directory.js';

/** The folder's name below `data.directory`. */
export const SPOOL_FOLDER = `${OWN_FILE_PREFIX}filematch`;

/** The folder that the folders of jobs lie in. */
export interface SpoolFolder {
  /** The folder it lies in is there; it itself need not be. */
  path(): string;
  /** The store is closed. */
  letGo(): void;
}

/** The one in the data folder, which outlives the process. */
export function spoolFolderIn(directory: string): SpoolFolder {
  const folder = path.join(directory, SPOOL_FOLDER);
  return { path: () => folder, letGo: () => undefined };
}

/** One among the system's temporary files, made when it is first asked for, gone when the store is closed. */
export function temporarySpoolFolder(): SpoolFolder {
  let made: string | undefined;
  return {
    path: () => path.join((made ??= mkdtempSync(path.join(tmpdir(), OWN_FILE_PREFIX))), SPOOL_FOLDER),
    letGo: () => {
      if (made !== undefined) rmSync(made, { recursive: true, force: true });
      made = undefined;
    },
  };
}
