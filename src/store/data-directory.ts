import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { StoreUnavailable, reasonOf } from './store-errors.js';

/** Names that this project gives to files in the data folder begin like this. */
export const OWN_FILE_PREFIX = 'preg-adapter.';

/**
 * Makes the data folder if it is missing and closes it to everybody but its owner (0700).
 * A folder that others can enter and that holds files of somebody else's is refused, not closed:
 * `data.directory: /tmp` must never change the rights of /tmp.
 * @throws StoreUnavailable
 */
export function prepareDataDirectory(directory: string): void {
  try {
    makeFolder(path.resolve(directory));
    if (!isPrivate(directory)) {
      if (!readdirSync(directory).every((name) => name.startsWith(OWN_FILE_PREFIX))) {
        throw new StoreUnavailable(
          directory,
          'others may enter it and it holds files that are not ours; give the adapter a folder of its own, or set its mode to 0700',
        );
      }
      chmodSync(directory, 0o700);
    }
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(directory, reasonOf(error), error);
  }
}

// mkdirSync's own `recursive` never returns where the system answers ENOENT for a folder whose parent exists (/proc).
function makeFolder(directory: string): void {
  if (existsSync(directory)) {
    // The error that mkdir gives for a file in the way.
    if (!statSync(directory).isDirectory()) mkdirSync(directory);
    return;
  }
  const parent = path.dirname(directory);
  if (parent !== directory) makeFolder(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(directory)) throw error;
  }
}

function isPrivate(directory: string): boolean {
  // Windows has no mode bits; there the folder inherits its access list.
  return process.platform === 'win32' || (statSync(directory).mode & 0o077) === 0;
}
