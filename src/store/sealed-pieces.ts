import type { FileHandle } from 'node:fs/promises';
import { SealBroken } from './store-errors.js';

/** How much of a sealed file counts. */
export interface SealedExtent {
  readonly pieces: number;
  /** In octets, as it lies on the disk. */
  readonly length: number;
}

/** Seals and opens the pieces of one file, each for its place in it, counted from 0. */
export interface PieceSeal {
  seal(piece: Uint8Array, index: number): Uint8Array;
  /** @throws SealBroken, UnknownSealingKey */
  open(sealed: Uint8Array, index: number): Uint8Array;
}

/** The most that a piece may hold, in octets. */
export const LARGEST_PIECE = 16 * 1024 * 1024;

/** A damaged length must not make us ask for all memory there is; what a seal adds is far less than this. */
const LARGEST_SEALED_PIECE = LARGEST_PIECE + 1024;

/** Before each piece stands how long it is sealed, in four octets, the highest first. */
const PREFIX_LENGTH = 4;

/** What a file of sealed pieces lies in. */
export interface Surroundings {
  /** Asked before each piece is written; may throw. */
  readonly assertRoom: () => Promise<void>;
  /** Brings the file's entry in its folder to the disk. */
  readonly syncFolder: () => Promise<void>;
}

/** Writes a file of sealed pieces from a place on. Not for use side by side. */
export class SealedPieceWriter {
  #pieces: number;
  #length: number;
  #failure: { readonly error: unknown } | undefined;
  #isEntryOnDisk = false;

  /** @param from where to begin; nothing may lie beyond it in the file */
  constructor(
    private readonly handle: FileHandle,
    private readonly seal: PieceSeal,
    from: SealedExtent,
    private readonly surroundings: Surroundings,
  ) {
    this.#pieces = from.pieces;
    this.#length = from.length;
  }

  /** Adds a piece. After an error the writer is done for. @throws RangeError, DiskAlmostFull, what the file system throws */
  append(piece: Uint8Array): Promise<void> {
    return this.#once(async () => {
      if (piece.length > LARGEST_PIECE) throw new RangeError('the piece is too large to be sealed');
      const sealed = this.seal.seal(piece, this.#pieces);
      const prefix = Buffer.alloc(PREFIX_LENGTH);
      prefix.writeUInt32BE(sealed.length);
      const written = Buffer.concat([prefix, sealed]);
      await this.surroundings.assertRoom();
      await writeAll(this.handle, written, this.#length);
      this.#pieces += 1;
      this.#length += written.length;
    });
  }

  /** What has been added is on the disk. @returns how much counts */
  sync(): Promise<SealedExtent> {
    return this.#once(async () => {
      await this.handle.datasync();
      if (!this.#isEntryOnDisk) await this.surroundings.syncFolder();
      this.#isEntryOnDisk = true;
      return { pieces: this.#pieces, length: this.#length };
    });
  }

  /** A second call does nothing. */
  async close(): Promise<void> {
    await this.handle.close();
  }

  /** A system that failed to write once may say the next time that all is well. */
  async #once<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      return await work();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }
}

/**
 * The pieces of a file that count, in order, opened.
 * @throws SealBroken, UnknownSealingKey, what the file system throws
 */
export async function* readSealedPieces(
  handle: FileHandle,
  seal: PieceSeal,
  { pieces, length }: SealedExtent,
): AsyncGenerator<Uint8Array> {
  let index = 0;
  let prefix = await readAll(handle, length === 0 ? 0 : PREFIX_LENGTH, 0);
  for (let start = 0; start < length; index += 1) {
    const begin = start + PREFIX_LENGTH;
    const sealedLength = prefix.readUInt32BE();
    const end = begin + sealedLength;
    const following = end === length ? 0 : PREFIX_LENGTH;
    if (index === pieces || sealedLength > LARGEST_SEALED_PIECE || end + following > length) {
      throw new SealBroken('a sealed file was changed: its pieces do not end where they should');
    }
    // The next prefix comes along, which saves half of the calls.
    const read = await readAll(handle, sealedLength + following, begin);
    prefix = read.subarray(sealedLength);
    start = end;
    yield seal.open(read.subarray(0, sealedLength), index);
  }
  if (index !== pieces) throw new SealBroken('a sealed file was changed: it has fewer pieces than it should');
}

async function writeAll(handle: FileHandle, octets: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < octets.length;) {
    const { bytesWritten } = await handle.write(octets, done, octets.length - done, position + done);
    done += bytesWritten;
  }
}

async function readAll(handle: FileHandle, length: number, position: number): Promise<Buffer> {
  const octets = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(octets, done, length - done, position + done);
    if (bytesRead === 0) throw new SealBroken('a sealed file is shorter than it should be');
    done += bytesRead;
  }
  return octets;
}
