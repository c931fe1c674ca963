import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { draftName, systemDisk, type Disk } from '../../../../src/legacy/filematch/folder/disk.js';

/** When the end comes: before a step, after it, or, of a file that is written, amid it. */
export type Moment = 'before' | 'amid' | 'after';

class ProcessEnded extends Error {}

/** A disk, and whatever else is changed, of a process that ends at a given change; nothing can be done after that. */
export class MortalDisk {
  steps = 0;
  #isDead = false;

  constructor(
    private readonly lastStep: number,
    private readonly moment: Moment,
  ) {}

  /** Whether the step came. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** A step that is nothing of the disk's. */
  step(): void {
    this.#begin();
    this.#end();
  }

  readonly disk: Disk = {
    look: (place) => this.#see(() => systemDisk.look(place)),
    lookAtFolder: (folder) => this.#see(() => systemDisk.lookAtFolder(folder)),
    assertWritable: (folder) => this.#see(() => systemDisk.assertWritable(folder)),
    list: (folder) => this.#see(() => systemDisk.list(folder)),
    open: (place) => this.#see(() => systemDisk.open(place)),
    makeFolder: (folder) => this.#run(() => systemDisk.makeFolder(folder)),
    move: (from, to) => this.#run(() => systemDisk.move(from, to)),
    remove: (place) => this.#run(() => systemDisk.remove(place)),
    write: (place, content) =>
      this.#run(
        () => systemDisk.write(place, content),
        () => {
          writeFileSync(path.join(place.folder, draftName(place.name)), 'half of');
        },
      ),
  };

  /** No step: an end between two looks leaves what an end between two changes leaves. */
  #see<Value>(work: () => Promise<Value>): Promise<Value> {
    return this.#isDead ? Promise.reject(new ProcessEnded()) : work();
  }

  async #run<Value>(work: () => Promise<Value>, half?: () => void): Promise<Value> {
    this.#begin(half);
    const value = await work();
    this.#end();
    return value;
  }

  #begin(half?: () => void): void {
    if (this.#isDead) throw new ProcessEnded();
    this.steps += 1;
    if (this.steps !== this.lastStep || this.moment === 'after') return;
    this.#isDead = true;
    if (this.moment === 'amid') half?.();
    throw new ProcessEnded();
  }

  #end(): void {
    if (this.steps < this.lastStep || this.moment !== 'after') return;
    this.#isDead = true;
    throw new ProcessEnded();
  }
}
