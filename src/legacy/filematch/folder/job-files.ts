import type { Delivery, OutputFile } from '../jobs/delivery.js';
import { deliveredName } from '../jobs/delivered-names.js';
import { FolderUnusable } from '../jobs/delivery.js';
import type { Job } from '../jobs/job.js';
import type { Receipt } from '../jobs/receipt.js';
import { systemDisk, type Disk, type Place } from './disk.js';
import { isClaimOf, isDeliveredOf, parseClaim, refusedName } from './file-names.js';
import { troubleToldOf } from './folder-trouble.js';
import { subfolder, type Subfolder } from './subfolders.js';

/**
 * Results in folders: those of drop folders in `ut/`, with the receipt of what was not processed beside its original in
 * `avvist/`; those of the command line where it was told to put them, which then are the caller's own.
 */
export function createFolderDelivery(disk: Disk = systemDisk): Delivery {
  return new FolderDelivery(troubleToldOf(disk));
}

/** A receipt as it is written. */
export function receiptOctets(receipt: Receipt): Uint8Array {
  return Buffer.from(`${JSON.stringify(receipt, undefined, 2)}\n`);
}

class FolderDelivery implements Delivery {
  constructor(private readonly disk: Disk) {}

  async deliver(job: Job, files: readonly OutputFile[], receipt: Receipt): Promise<void> {
    const directory = await this.#directory(job, receipt.state === 'COMPLETED' ? 'ut' : 'avvist');
    if (directory === undefined) return;
    for (const { name, content } of files) await this.disk.write({ folder: directory, name }, content());
    const name = deliveredName(job, 'kvittering.json');
    await this.disk.write({ folder: directory, name }, [receiptOctets(receipt)]);
  }

  async settle(job: Job): Promise<void> {
    const base = dropFolderOf(job);
    if (base === undefined) return;
    const originals = await this.#entries(base, 'arbeid', (entry) => isClaimOf(job.id, entry));
    if (job.state === 'COMPLETED') {
      await this.#remove(originals);
      // Of a job that had failed and was taken up again.
      await this.#remove(await this.#entries(base, 'avvist', (entry) => isDeliveredOf(job.id, entry)));
      return;
    }
    // Of a job that ended while its result was being delivered: nobody is to take that for one.
    await this.#remove(await this.#entries(base, 'ut', (entry) => isDeliveredOf(job.id, entry)));
    const refused = await subfolder(this.disk, base, 'avvist');
    for (const original of originals) {
      const name = refusedName(parseClaim(original.name)?.name ?? job.input.fileName, job.id);
      await this.disk.move(original, { folder: refused, name });
    }
  }

  async discard(job: Job): Promise<void> {
    const base = dropFolderOf(job);
    if (base === undefined) return;
    await this.#remove(await this.#entries(base, 'arbeid', (entry) => isClaimOf(job.id, entry)));
    for (const name of ['ut', 'avvist'] as const) {
      await this.#remove(await this.#entries(base, name, (entry) => isDeliveredOf(job.id, entry)));
    }
  }

  async #directory(job: Job, name: Subfolder): Promise<string | undefined> {
    const base = dropFolderOf(job);
    if (base !== undefined) return subfolder(this.disk, base, name);
    const { directory } = job.input;
    if (job.door !== 'command-line' || directory === null) return undefined;
    const found = await this.disk.lookAtFolder(directory);
    if (found?.kind !== 'folder') throw new FolderUnusable('the folder of the result is not there');
    return directory;
  }

  /** Files and links; what else has the name is not of ours. */
  async #entries(base: string, name: Subfolder, isOurs: (entry: string) => boolean): Promise<Place[]> {
    const folder = await subfolder(this.disk, base, name);
    const places = (await this.disk.list(folder)).filter(isOurs).map((entry) => ({ folder, name: entry }));
    const found = await Promise.all(
      places.map(async (place) => ({ place, kind: (await this.disk.look(place))?.kind })),
    );
    return found.flatMap(({ place, kind }) => (kind === 'file' || kind === 'link' ? [place] : []));
  }

  async #remove(places: readonly Place[]): Promise<void> {
    for (const place of places) await this.disk.remove(place);
  }
}

function dropFolderOf(job: Job): string | undefined {
  return job.door === 'folder' ? (job.input.directory ?? undefined) : undefined;
}
