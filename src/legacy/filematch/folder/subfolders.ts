import path from 'node:path';
import { FolderUnusable } from '../jobs/delivery.js';
import type { Disk } from './disk.js';

/** What lies below a drop folder (preg-xml-filematch-hl7v2 2.8): delivered, at work, results, and what was not processed. */
export const subfolders = ['inn', 'arbeid', 'ut', 'avvist'] as const;
export type Subfolder = (typeof subfolders)[number];

/**
 * The path of a subfolder, which is a folder itself and no link to elsewhere: what others can write to must not lead out of it.
 * @throws FolderUnusable, what the disk throws
 */
export async function subfolder(disk: Disk, base: string, name: Subfolder): Promise<string> {
  await assertFolder(disk, base);
  const found = await disk.look({ folder: base, name });
  if (found === undefined) throw new FolderUnusable(`${name}/ is not there`);
  if (found.kind !== 'folder') throw new FolderUnusable(`${name}/ is a link or a file, and no folder`);
  return path.join(base, name);
}

/** A drop folder whose subfolders are made where they are missing. The folder itself is not: a mount may be away. */
export class DropFolderRoot {
  /** The file system that it was in when everything was there. */
  #device: bigint | undefined;

  /** @param wasUsed whether jobs came from the folder, so that everything was there once */
  constructor(
    private readonly disk: Disk,
    readonly base: string,
    private readonly wasUsed: () => boolean,
  ) {}

  /** Sees to it that all subfolders can be used. @throws FolderUnusable, what the disk throws */
  async prepare(): Promise<void> {
    const device = await assertFolder(this.disk, this.base);
    for (const name of subfolders) {
      const found = await this.disk.look({ folder: this.base, name });
      if (found === undefined) await this.#make(name, device);
      await this.disk.assertWritable(await subfolder(this.disk, this.base, name));
    }
    this.#device = device;
  }

  async #make(name: Subfolder, device: bigint): Promise<void> {
    // The empty folder that a mount leaves behind would take results that nobody sees again.
    if (this.#device === undefined && this.wasUsed()) {
      throw new FolderUnusable(
        `${name}/ is not there, although jobs came from this drop folder: is a mount away? If not, make ${name}/ again`,
      );
    }
    if (this.#device !== undefined && this.#device !== device) {
      throw new FolderUnusable(
        `${name}/ is not there, and the drop folder is in another file system than before: is a mount away?`,
      );
    }
    await this.disk.makeFolder(path.join(this.base, name));
  }
}

/** @returns the file system that it is in */
async function assertFolder(disk: Disk, base: string): Promise<bigint> {
  const found = await disk.lookAtFolder(base);
  if (found === undefined) throw new FolderUnusable('the drop folder is not there');
  if (found.kind !== 'folder') throw new FolderUnusable('the drop folder is a file');
  return found.device;
}
