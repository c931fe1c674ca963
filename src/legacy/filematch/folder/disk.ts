import { constants, type BigIntStats } from 'node:fs';
import { access, lstat, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../../errors/error-code.js';

/**
 * What drop folders need of the disk. Names of entries are octets, written as latin1: what lies in a folder that others write
 * to need not be UTF-8, and has to be moved away all the same. Everything throws what the file system throws.
 */
export interface Disk {
  /** Makes a folder; its parent has to be there. Nothing happens where there is one. */
  makeFolder(folder: string): Promise<void>;
  /** What the path itself is, links not followed; undefined where there is nothing. */
  look(place: Place): Promise<Sighting | undefined>;
  /** The same of the folder, links followed. */
  lookAtFolder(folder: string): Promise<Sighting | undefined>;
  /** Fails unless entries can be listed, added and removed. */
  assertWritable(folder: string): Promise<void>;
  list(folder: string): Promise<readonly string[]>;
  /** Moves within a file system; on the disk when it resolves. @returns whether it was there */
  move(from: Place, to: Place): Promise<boolean>;
  /** @returns whether it was there */
  remove(place: Place): Promise<boolean>;
  /** Writes a file: whole or not at all, and on the disk when it resolves. */
  write(place: Place, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  /** Opens what is no link, and does not wait for the other end of a pipe. */
  open(place: Place): Promise<OpenFile>;
}

/** An entry of a folder. */
export interface Place {
  readonly folder: string;
  /** Octets, as latin1. */
  readonly name: string;
}

/** What tells a file from another one, and from itself later. Times are nanoseconds since 1970. */
export interface Sighting {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly device: bigint;
  readonly inode: bigint;
  readonly links: bigint;
  readonly size: bigint;
  readonly modifiedAt: bigint;
  /** When its content, name or rights changed last; set by the system alone. */
  readonly changedAt: bigint;
}

/** A file opened for reading. */
export interface OpenFile {
  look(): Promise<Sighting>;
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** The name under which `write` keeps a file that is not whole yet. */
export function draftName(name: string): string {
  return `.${name}.tmp`;
}

/** Whether nothing has been done to the file between two sightings: it is the same one, as long, and unwritten. */
export function isUnchanged(before: Sighting, after: Sighting): boolean {
  return (
    before.kind === after.kind &&
    before.device === after.device &&
    before.inode === after.inode &&
    before.links === after.links &&
    before.size === after.size &&
    before.modifiedAt === after.modifiedAt
  );
}

const PIECE_BYTES = 64 * 1024;

// Files are for the adapter and the group of the folder, which the umask may narrow; never for everybody.
const FILE_MODE = 0o660;
const FOLDER_MODE = 0o770;

/** The disk of this computer. */
export const systemDisk: Disk = {
  makeFolder: async (folder) => {
    try {
      await mkdir(folder, { mode: FOLDER_MODE });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      return;
    }
    await settleFolder(path.dirname(folder));
  },
  look: (place) => sightingOf(lstat(octets(place), { bigint: true })),
  lookAtFolder: (folder) => sightingOf(stat(folder, { bigint: true })),
  assertWritable: (folder) => access(folder, constants.R_OK | constants.W_OK | constants.X_OK),
  list: async (folder) =>
    (await readdir(folder, { encoding: 'buffer' })).map((name) => name.toString('latin1')),
  move: async (from, to) => {
    if (!(await isThere(rename(octets(from), octets(to))))) return false;
    await settleFolder(to.folder);
    await settleFolder(from.folder);
    return true;
  },
  remove: async (place) => {
    if (!(await isThere(unlink(octets(place))))) return false;
    await settleFolder(place.folder);
    return true;
  },
  write: async (place, content) => {
    const draft = { folder: place.folder, name: draftName(place.name) };
    try {
      await writeDraft(draft, content);
      await rename(octets(draft), octets(place));
    } catch (error) {
      // What is in the way of a draft is the reason more than what comes of removing it.
      await rm(octets(draft), { force: true }).catch(() => undefined);
      throw error;
    }
    await settleFolder(place.folder);
  },
  open: async (place) => {
    const handle = await open(
      octets(place),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    return {
      look: async () => describe(await handle.stat({ bigint: true })),
      read: async function* () {
        for (;;) {
          const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(PIECE_BYTES) });
          if (bytesRead === 0) return;
          yield buffer.subarray(0, bytesRead);
        }
      },
      close: () => handle.close(),
    };
  },
};

function octets({ folder, name }: Place): Buffer {
  return Buffer.concat([Buffer.from(folder + path.sep), Buffer.from(name, 'latin1')]);
}

async function writeDraft(
  draft: Place,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  // Left by an earlier attempt that ended with its process.
  await rm(octets(draft), { force: true });
  const handle = await open(octets(draft), 'wx', FILE_MODE);
  try {
    for await (const piece of content) await handle.writeFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isThere(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** A change of names lasts once its folder is on the disk. Not every file system of a network can do that. */
async function settleFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR', 'ENOSYS'].includes(errorCode(error) ?? '')) throw error;
  }
}

async function sightingOf(facts: Promise<BigIntStats>): Promise<Sighting | undefined> {
  try {
    return describe(await facts);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function describe(facts: BigIntStats): Sighting {
  return {
    kind: kindOf(facts),
    device: facts.dev,
    inode: facts.ino,
    links: facts.nlink,
    size: facts.size,
    modifiedAt: facts.mtimeNs,
    changedAt: facts.ctimeNs,
  };
}

function kindOf(facts: BigIntStats): Sighting['kind'] {
  if (facts.isFile()) return 'file';
  if (facts.isDirectory()) return 'folder';
  return facts.isSymbolicLink() ? 'link' : 'other';
}
