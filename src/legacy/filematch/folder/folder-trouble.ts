import { errorCode } from '../../../errors/error-code.js';
import { InternalError } from '../../../errors/errors.js';
import { FolderUnusable } from '../jobs/delivery.js';
import type { Disk, OpenFile } from './disk.js';

const GONE = 'the drop folder is not there';
const NO_RIGHTS = 'the adapter may not read and write everything in the drop folder';
const FULL = 'the drop folder is full';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: GONE,
  ENOTDIR: GONE,
  ESTALE: GONE,
  ENODEV: GONE,
  EHOSTDOWN: GONE,
  EHOSTUNREACH: GONE,
  ETIMEDOUT: GONE,
  EROFS: 'the drop folder is read-only',
  EACCES: NO_RIGHTS,
  EPERM: NO_RIGHTS,
  ENOSPC: FULL,
  EDQUOT: FULL,
  EXDEV: 'inn/, arbeid/, ut/ and avvist/ are not in one file system',
};

/** What an error of the file system means for the folder. Anything else is given back as it is. */
export function asFolderTrouble(error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined || !(error instanceof Error && 'syscall' in error)) return error;
  return new FolderUnusable(reasons[code] ?? `the drop folder cannot be used (${code})`, code);
}

const ofOneEntry: readonly (string | undefined)[] = ['EACCES', 'EPERM', 'EBUSY', 'ETXTBSY', 'EIO'];

/** Whether it is about one entry of the folder, or its job that cannot be read, and the others may be well. */
export function concernsOneEntry(error: unknown): boolean {
  if (error instanceof FolderUnusable) return ofOneEntry.includes(error.code);
  return error instanceof InternalError;
}

/** The same disk, but every error of the file system is a FolderUnusable. */
export function troubleToldOf(disk: Disk): Disk {
  return {
    makeFolder: (folder) => telling(disk.makeFolder(folder)),
    look: (place) => telling(disk.look(place)),
    lookAtFolder: (folder) => telling(disk.lookAtFolder(folder)),
    assertWritable: (folder) => telling(disk.assertWritable(folder)),
    list: (folder) => telling(disk.list(folder)),
    move: (from, to) => telling(disk.move(from, to)),
    remove: (place) => telling(disk.remove(place)),
    write: async (place, content) => {
      // What goes wrong where the content comes from is no trouble of this folder.
      let failure: { readonly error: unknown } | undefined;
      const watched = async function* (): AsyncIterable<Uint8Array> {
        try {
          yield* content;
        } catch (error) {
          failure = { error };
          throw error;
        }
      };
      try {
        await disk.write(place, watched());
      } catch (error) {
        throw failure === undefined ? asFolderTrouble(error) : failure.error;
      }
    },
    open: async (place) => openedTellingOf(await telling(disk.open(place))),
  };
}

function openedTellingOf(file: OpenFile): OpenFile {
  return {
    look: () => telling(file.look()),
    read: async function* () {
      try {
        yield* file.read();
      } catch (error) {
        throw asFolderTrouble(error);
      }
    },
    close: () => telling(file.close()),
  };
}

async function telling<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw asFolderTrouble(error);
  }
}
