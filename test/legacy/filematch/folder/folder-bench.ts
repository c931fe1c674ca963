import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { systemDisk, type Disk } from '../../../../src/legacy/filematch/folder/disk.js';
import type { DropFolderClient } from '../../../../src/legacy/filematch/folder/drop-folder.js';
import { createDropFolders, type DropFolders } from '../../../../src/legacy/filematch/folder/drop-folders.js';
import { createFolderDelivery } from '../../../../src/legacy/filematch/folder/job-files.js';
import { CountedRandom } from '../../../support/counted-random.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { RecordedEvents } from '../../../support/recorded-events.js';
import { RememberedJobs } from './remembered-jobs.js';

export const INSTALLATION = '0123456789abcdef';
const POLL_SECONDS = 10;

/** What a process is started with. */
export interface BenchOptions {
  readonly ready?: DropFolderClient['ready'];
  readonly installation?: string;
  readonly disk?: Disk;
  readonly jobs?: RememberedJobs;
  /** Whether the client may bring files now. */
  readonly mayBring?: () => boolean;
}

/** A drop folder of one client on a real disk, and all that outlives the process that looks into it. */
export class FolderBench {
  readonly base: string;
  readonly clock = new ManualClock();
  readonly events = new RecordedEvents();
  readonly jobs = new RememberedJobs();
  readonly #random = new CountedRandom();

  /** @param parent an empty folder; the drop folder is made below it */
  constructor(parent: string) {
    this.base = path.join(parent, 'epj');
    mkdirSync(this.base);
  }

  /** The door as a process has it after its start. */
  start(options: BenchOptions = {}): Looker {
    const clock = new ManualClock(this.clock.now().toISOString());
    return new Looker(this.#folders(clock, options), clock);
  }

  /** The same, to be run until it is told to end. */
  startStoppable(options: BenchOptions = {}): {
    readonly folders: DropFolders;
    readonly ending: AbortController;
  } {
    return { folders: this.#folders(this.clock, options), ending: new AbortController() };
  }

  #folders(
    clock: ManualClock,
    {
      ready = 'rename',
      installation = INSTALLATION,
      disk = systemDisk,
      jobs = this.jobs,
      mayBring,
    }: BenchOptions,
  ): DropFolders {
    return createDropFolders({
      ...{ jobs, installation, disk, clock, random: this.#random, events: this.events },
      delivery: createFolderDelivery(disk),
      clients: [{ clientId: 'epj', folder: this.base, ready, mode: 'V', extensions: ['txt', 'csv'] }],
      mayBring,
      pollSeconds: POLL_SECONDS,
      retentionDays: 14,
    });
  }

  /** Puts a file into inn/, by default in one go. @returns its path */
  put(
    name: string,
    text = 'ownRef;nin\r\n',
    { agedSeconds = 60 }: { readonly agedSeconds?: number } = {},
  ): string {
    const file = this.path('inn', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    const time = new Date(Date.now() - agedSeconds * 1_000);
    utimesSync(file, time, time);
    return file;
  }

  path(...names: readonly string[]): string {
    return path.join(this.base, ...names);
  }

  /** The names in a subfolder, sorted. */
  names(subfolder: string): readonly string[] {
    return existsSync(this.path(subfolder)) ? readdirSync(this.path(subfolder)).sort() : [];
  }

  /** The only receipt in a subfolder. @throws Error when there is not exactly one */
  receipt(subfolder = 'avvist'): Readonly<Record<string, unknown>> {
    const [name, ...others] = this.names(subfolder).filter((entry) => entry.endsWith('.kvittering.json'));
    if (name === undefined || others.length > 0) throw new Error('there is not exactly one receipt');
    return z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(readFileSync(this.path(subfolder, name), 'utf8')));
  }

  /** What lies in avvist/ besides receipts and drafts of them. */
  refused(): readonly string[] {
    return this.names('avvist').filter((entry) => !/\.kvittering\.json(?:\.tmp)?$/.test(entry));
  }
}

/** The door of one process. */
export class Looker {
  constructor(
    private readonly folders: DropFolders,
    readonly clock: ManualClock,
  ) {}

  /** Looks that often, with the pause in between that is set. */
  async look(times = 1): Promise<void> {
    const ending = new AbortController();
    let looks = 0;
    this.clock.onSleep = () => {
      looks += 1;
      if (looks === times) ending.abort();
    };
    await this.folders.run(ending.signal);
  }

  get trouble(): string | undefined {
    return this.folders.state()[0]?.trouble?.reason;
  }

  get state(): ReturnType<DropFolders['state']> {
    return this.folders.state();
  }
}
