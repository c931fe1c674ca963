import { closeSync, openSync } from 'node:fs';
import { errorCode } from '../errors/error-code.js';

/**
 * Makes an empty file for its owner only (0600) if there is none. One that is there is not so much as opened: POSIX drops the
 * locks that a process has on a file as soon as it closes the file anywhere.
 */
export function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
