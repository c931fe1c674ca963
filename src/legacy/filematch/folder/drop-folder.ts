import { asAdapterError, type AdapterError } from '../../../errors/errors.js';
import { errorCode } from '../../../errors/error-code.js';
import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';
import type { Delivery } from '../jobs/delivery.js';
import { FolderUnusable } from '../jobs/delivery.js';
import type { FilematchJobs } from '../jobs/filematch-jobs.js';
import { madeAt, newUlid } from '../jobs/ulid.js';
import type { Mode } from '../record.js';
import { ClaimedFiles, type Ways } from './claimed-files.js';
import type { Disk } from './disk.js';
import { nameProblem, type Claim } from './file-names.js';
import { concernsOneEntry } from './folder-trouble.js';
import { Inbox, type Found } from './inbox.js';
import { RefusedFiles, type Refusal } from './refused-files.js';
import { DropFolderRoot, subfolder } from './subfolders.js';

/** A client that delivers files to a folder. */
export interface DropFolderClient {
  readonly clientId: string;
  /** The folder of this client alone. */
  readonly folder: string;
  readonly ready: 'rename' | 'ok';
  /** For files without a header. */
  readonly mode: Mode;
  /** What names of files may end on: lower case, without the dot. */
  readonly extensions: readonly string[];
}

/** What all drop folders share. */
export interface DropFolderParts {
  readonly jobs: Pick<FilematchJobs, 'accept' | 'job' | 'jobs'>;
  readonly delivery: Pick<Delivery, 'settle'>;
  /**
   * The name of this installation, the same for all processes with the same store: 1 to 16 of `a-z0-9`. What another
   * installation has taken from a shared folder is left to it.
   */
  readonly installation: string;
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

/** How a drop folder is. */
export interface DropFolderState {
  readonly clientId: string;
  /** What is wrong with it, in a sentence without names of files; null while it can be used. */
  readonly trouble: Trouble | null;
}

export interface Trouble {
  readonly reason: string;
  readonly since: Date;
}

/** Jobs by HTTP may be among them. */
const JOBS_LOOKED_AT = 1_000;

/** One client's drop folder, looked into again and again. */
export class DropFolder {
  readonly #newId: () => string;
  readonly #inbox: Inbox;
  readonly #root: DropFolderRoot;
  readonly #refused: RefusedFiles;
  readonly #claimed: ClaimedFiles;
  /** What cannot be moved away and stays. */
  #leftAlone: ReadonlySet<string> = new Set();
  #trouble: Trouble | null = null;

  /** @param disk whose every error is told as trouble of the folder */
  constructor(
    private readonly client: DropFolderClient,
    private readonly parts: DropFolderParts,
    private readonly disk: Disk,
  ) {
    const { clientId, mode, folder: base } = client;
    const { jobs, delivery, installation, retentionDays, clock, random, events } = parts;
    this.#newId = () => newUlid(clock, random);
    this.#inbox = new Inbox(disk, client.ready);
    this.#root = new DropFolderRoot(disk, base, () => this.#wasUsed());
    this.#refused = new RefusedFiles({ clientId, disk, jobs, retentionDays, clock, events });
    const refused = this.#refused;
    this.#claimed = new ClaimedFiles({
      ...{ clientId, mode, base, installation, disk, jobs, delivery, refused },
      newId: this.#newId,
    });
  }

  get state(): DropFolderState {
    return { clientId: this.client.clientId, trouble: this.#trouble };
  }

  /** Takes what is complete, and mends what an earlier end left. Trouble is told, and gone at a later look. */
  async look(signal: AbortSignal): Promise<void> {
    try {
      this.#tell(await this.#work(signal));
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof FolderUnusable) this.#tell(error.reason);
      else this.#tellOf(asAdapterError(error));
    }
  }

  /** @returns what is worth a look although everything works */
  async #work(signal: AbortSignal): Promise<string | undefined> {
    await this.#root.prepare();
    const { base } = this.#root;
    const ways: Ways = {
      inn: await subfolder(this.disk, base, 'inn'),
      arbeid: await subfolder(this.disk, base, 'arbeid'),
      avvist: await subfolder(this.disk, base, 'avvist'),
    };
    const { others, stuck } = await this.#claimed.resume(ways, signal);
    const left = new Set(stuck);
    for (const file of await this.#inbox.look(ways.inn)) {
      signal.throwIfAborted();
      if (!(await this.#take(ways, file, signal))) left.add(file.name);
    }
    this.#leave(left);
    await this.#refused.sweep(ways.avvist);
    return this.#remark(others);
  }

  /** Whether there is a job that came from here. Those that are under way are looked at first: their results are at stake. */
  #wasUsed(): boolean {
    const { clientId, folder } = this.client;
    return [false, true].some((over) =>
      this.parts.jobs
        .jobs({ clientId, over, limit: JOBS_LOOKED_AT })
        .some(({ job: { door, input } }) => door === 'folder' && input.directory === folder),
    );
  }

  /** @returns whether it was taken, or moved away */
  async #take(ways: Ways, file: Found, signal: AbortSignal): Promise<boolean> {
    // Of a folder nobody knows what hangs on it.
    if (file.sighting.kind === 'folder') return false;
    const refusal = this.#refusalOf(file);
    try {
      if (refusal === undefined) await this.#claimed.take(ways, file, signal);
      else await this.#refuse(ways, file, refusal);
      return true;
    } catch (error) {
      if (!concernsOneEntry(error)) throw error;
      return false;
    }
  }

  #refusalOf({ name, sighting }: Found): Refusal | undefined {
    return sighting.kind === 'file' ? nameProblem(name, this.client.extensions) : 'not-a-file';
  }

  async #refuse(ways: Ways, { name, markers }: Found, refusal: Refusal): Promise<void> {
    const place = { folder: ways.inn, name };
    await this.#refused.refuse(ways.avvist, { id: this.#newId(), name, place, refusal });
    for (const marker of markers) await this.disk.remove({ folder: ways.inn, name: marker });
  }

  #leave(left: ReadonlySet<string>): void {
    const added = [...left].filter((name) => !this.#leftAlone.has(name)).length;
    this.#leftAlone = left;
    if (added > 0)
      this.parts.events.emit('deliveredFilesLeft', { clientId: this.client.clientId, count: added });
  }

  #remark(others: readonly Claim[]): string | undefined {
    const { clock, retentionDays } = this.parts;
    const end = clock.now().getTime() - retentionDays * 86_400_000;
    if (others.some(({ id }) => madeAt(id).getTime() < end))
      return 'files that another installation took have been in arbeid/ for longer than results are kept';
    const count = this.#leftAlone.size;
    return count === 0
      ? undefined
      : `entries in inn/ or arbeid/ that can neither be taken nor moved away: ${count}`;
  }

  /** The folder is well; what is not is where its files are taken to. */
  #tellOf(error: AdapterError): void {
    const code = errorCode(error.cause) ?? error.code;
    this.#tell(`files cannot be taken in (${code})`, error);
  }

  #tell(reason: string | undefined, error?: AdapterError): void {
    if (reason === this.#trouble?.reason) return;
    const { clock, events } = this.parts;
    this.#trouble = reason === undefined ? null : { reason, since: clock.now() };
    events.emit('dropFolderChanged', {
      clientId: this.client.clientId,
      trouble: reason ?? null,
      ...(error === undefined ? {} : { error }),
    });
  }
}
