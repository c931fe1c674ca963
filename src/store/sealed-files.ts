import { constants, existsSync } from 'node:fs';
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../errors/error-code.js';
import { StoreFailed } from '../errors/errors.js';
import type { Random } from '../runtime/random.js';
import { JobClaims, type StoredJobClaim } from './job-claims.js';
import { createPrivately } from './private-file.js';
import { SealedPieceWriter, readSealedPieces, type PieceSeal, type SealedExtent } from './sealed-pieces.js';
import type { Sealer } from './sealer.js';
import type { SpoolFolder } from './spool-folder.js';
import { SealBroken } from './store-errors.js';

/** The sealed files of a Filematch job. */
export type SealedFileName = 'input' | 'result' | 'rejects';

/**
 * An empty file in the folder of each job that was made here. A folder without it was made by a claim, where the volume that the
 * job lies on is not mounted.
 */
const MARK = 'job';

/**
 * The files of Filematch jobs while they are worked on, in a folder for each job: sealed piece by piece, each piece for its
 * job, its file and its place in it. A job id that is no ULID is a TypeError.
 */
export class SealedFiles {
  readonly #claims: JobClaims;
  #isClosed = false;

  constructor(
    private readonly folder: SpoolFolder,
    private readonly sealer: Sealer,
    random: Random,
  ) {
    this.#claims = new JobClaims(random);
  }

  /** Makes the job's folder, durably. @throws what the file system throws */
  async create(jobId: string): Promise<void> {
    const folder = this.#folderOf(jobId);
    const spool = path.dirname(folder);
    // A claim may have made them, which does not wait for the disk.
    await makeFolder(spool);
    await makeFolder(folder);
    createPrivately(path.join(folder, MARK));
    await syncFolder(spool);
    await syncFolder(path.dirname(spool));
  }

  /**
   * Opens a file to write behind what counts of it; what lies beyond that is cut off.
   * @throws SealBroken when less is there than counts; what the file system throws (ENOENT while the job's folder is away)
   */
  async append(jobId: string, file: SealedFileName, from: SealedExtent): Promise<SealedPieceWriter> {
    const folder = this.#folderOf(jobId);
    const anew = from.length === 0 ? constants.O_CREAT : 0;
    const handle = await openIn(folder, file, constants.O_RDWR | anew);
    try {
      if ((await lengthOf(handle, from)) > from.length) await handle.truncate(from.length);
      return new SealedPieceWriter(handle, this.#sealOf(jobId, file), from, {
        assertRoom: () => this.folder.assertRoom(),
        syncFolder: () => syncFolder(folder),
      });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * The pieces that count, in order, opened. A file of which nothing counts need not be there.
   * @throws SealBroken, also when the file is gone from a folder that is there; UnknownSealingKey; what the file system throws
   *   (ENOENT while the job's folder is away)
   */
  async *read(jobId: string, file: SealedFileName, extent: SealedExtent): AsyncGenerator<Uint8Array> {
    const folder = this.#folderOf(jobId);
    if (extent.pieces === 0 && extent.length === 0) return;
    const handle = await openIn(folder, file, constants.O_RDONLY);
    try {
      await lengthOf(handle, extent);
      yield* readSealedPieces(handle, this.#sealOf(jobId, file), extent);
    } finally {
      await handle.close();
    }
  }

  /** Deletes one file, or the job's folder with all there is. Nothing happens where there is none. */
  async discard(jobId: string, file?: SealedFileName): Promise<void> {
    const folder = this.#folderOf(jobId);
    if (file === undefined) await rm(folder, { recursive: true, force: true });
    else await rm(path.join(folder, file), { force: true });
  }

  /** The jobs that have a folder, in any order. */
  async jobs(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#spool())).filter(isUlid);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  /**
   * Takes the job for this process, until it is released or the process ends, however it ends.
   * @returns undefined when another process, or another part of this one, has it
   * @throws StoreFailed
   */
  claim(jobId: string): StoredJobClaim | undefined {
    return this.#claims.take(this.#folderOf(jobId));
  }

  /** Releases all claims, and takes the folder away if it was but for the time being. What is asked afterwards fails. */
  close(): void {
    this.#isClosed = true;
    this.#claims.releaseAll();
    this.folder.letGo();
  }

  #folderOf(jobId: string): string {
    if (!isUlid(jobId)) throw new TypeError('the id of a job is not a ULID');
    return path.join(this.#spool(), jobId);
  }

  #spool(): string {
    if (this.#isClosed) throw new StoreFailed('the store is closed');
    return this.folder.path();
  }

  #sealOf(jobId: string, file: SealedFileName): PieceSeal {
    const placeOf = (index: number) => ({ table: 'filematch', column: file, row: `${jobId}/${index}` });
    return {
      seal: (piece, index) => this.sealer.seal(piece, placeOf(index)),
      open: (sealed, index) => this.sealer.open(sealed, placeOf(index)),
    };
  }
}

/** In Crockford's base 32, upper case: nothing else ever becomes part of a path. */
function isUlid(text: string): boolean {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text);
}

/** @throws SealBroken when the file alone is gone, and not the folder with it; what the file system throws */
async function openIn(folder: string, file: SealedFileName, flags: number): Promise<FileHandle> {
  try {
    return await open(path.join(folder, file), flags, 0o600);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || !existsSync(path.join(folder, MARK))) throw error;
    throw new SealBroken('a sealed file is gone', error);
  }
}

/** @throws SealBroken when the file is shorter than what counts of it */
async function lengthOf(handle: FileHandle, { length }: SealedExtent): Promise<number> {
  const { size } = await handle.stat();
  if (size < length) throw new SealBroken('a sealed file is shorter than it should be');
  return size;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/** Brings the entries of a folder to the disk. */
async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and keeps their entries by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
