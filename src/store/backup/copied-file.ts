import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** What a file holds, told in short. */
export interface FileDigest {
  readonly octets: number;
  /** Hex. */
  readonly sha256: string;
}

const PIECE = 1024 * 1024;

/**
 * Copies what a file holds now into a new one for its owner alone, and waits for the disk.
 * @throws what the file system throws: ENOENT for no source, EEXIST for a target that is there
 */
export async function copyDurably(from: string, to: string): Promise<FileDigest> {
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'wx', 0o600);
    try {
      const digest = await digestOf(source, (piece) => target.writeFile(piece));
      await target.sync();
      return digest;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Waits until a file is on the disk, and tells what it holds. @throws what the file system throws */
export async function settledFile(file: string): Promise<FileDigest> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
    return await digestOf(handle, () => Promise.resolve());
  } finally {
    await handle.close();
  }
}

async function digestOf(
  source: Awaited<ReturnType<typeof open>>,
  use: (piece: Uint8Array) => Promise<void>,
): Promise<FileDigest> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(PIECE);
  let octets = 0;
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, PIECE, octets);
    if (bytesRead === 0) return { octets, sha256: hash.digest('hex') };
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    await use(piece);
    octets += bytesRead;
  }
}

/** Brings the entries of a folder to the disk. @throws what the file system throws */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and keeps their entries by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
