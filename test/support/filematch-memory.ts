import { StoreFailed } from '../../src/errors/errors.js';
import type { Delivery, OutputFile } from '../../src/legacy/filematch/jobs/delivery.js';
import type { Extent, Job } from '../../src/legacy/filematch/jobs/job.js';
import type { JobRow, JobRows, Listed } from '../../src/legacy/filematch/jobs/job-rows.js';
import type { Receipt } from '../../src/legacy/filematch/jobs/receipt.js';
import type { JobClaim, Spool, SpoolFile, SpoolWriter } from '../../src/legacy/filematch/jobs/spool.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import type { Faults } from './filematch-faults.js';

/** Rows of jobs in memory, with the audit entries that were written with them. */
export class MemoryRows implements JobRows {
  readonly #rows = new Map<string, JobRow>();
  readonly #contents = new Map<string, string>();
  readonly audited: AuditEntry[] = [];

  constructor(readonly faults: Faults) {}

  /** Looks without asking. */
  peek(id: string): JobRow | undefined {
    return this.#rows.get(id);
  }

  add(
    row: Omit<JobRow, 'hold'>,
    content: { readonly sha256: string; readonly forced: boolean },
  ): string | undefined {
    return this.faults.during('rows.add', () => {
      const key = `${row.clientId} ${content.sha256}`;
      const earlier = [...this.#contents].find(
        ([id, other]) =>
          other === key && !['REJECTED', 'FAILED'].includes(this.#rows.get(id)?.state ?? 'FAILED'),
      );
      if (earlier !== undefined && !content.forced) return earlier[0];
      this.#rows.set(row.id, { ...row, hold: null });
      this.#contents.set(row.id, key);
      return undefined;
    });
  }

  byId(id: string): JobRow | undefined {
    return this.faults.during('rows.byId', () => this.#rows.get(id));
  }

  list(which: Listed): readonly JobRow[] {
    return this.faults.during('rows.list', () => {
      const { clientId, over, state, exceptDoor, limit } = which;
      const rows = [...this.#rows.values()]
        .filter((row) => clientId === undefined || row.clientId === clientId)
        .filter((row) => over === undefined || row.over === over)
        .filter((row) => state === undefined || row.state === state)
        .filter((row) => row.door !== exceptDoor)
        .sort((one, other) => (one.id < other.id ? -1 : 1));
      return (over === false ? rows : rows.reverse()).slice(0, limit);
    });
  }

  overBefore(instant: Date, { limit, after }: { limit: number; after: number }): readonly JobRow[] {
    return this.faults.during('rows.overBefore', () =>
      [...this.#rows.values()]
        .filter(({ overAt }) => overAt !== null && overAt < instant)
        .sort((one, other) => (one.overAt?.getTime() ?? 0) - (other.overAt?.getTime() ?? 0))
        .slice(after, after + limit),
    );
  }

  save(row: Omit<JobRow, 'hold'>, entries: readonly AuditEntry[]): void {
    this.faults.during('rows.save', () => {
      const before = this.#rows.get(row.id);
      if (before === undefined) throw new StoreFailed('there is no such job');
      this.#rows.set(row.id, { ...before, ...row, hold: before.hold });
      this.audited.push(...entries);
    });
  }

  setHold(id: string, hold: string | null): boolean {
    return this.faults.during('rows.setHold', () => {
      const row = this.#rows.get(id);
      if (row === undefined || isFinal(row) || row.hold === 'cancelled') return false;
      this.#rows.set(id, { ...row, hold });
      return true;
    });
  }

  remove(id: string): void {
    this.faults.during('rows.remove', () => {
      this.#rows.delete(id);
      this.#contents.delete(id);
    });
  }
}

function isFinal({ state }: JobRow): boolean {
  return ['COMPLETED', 'REJECTED', 'FAILED'].includes(state);
}

/** What a broken seal is known by. */
class Broken extends Error {
  readonly code = 'seal-broken';
}

class Missing extends Error {
  readonly code = 'ENOENT';
}

interface MemoryFile {
  pieces: Uint8Array[];
  synced: number;
  isDamaged?: boolean;
}

/** Sealed files in memory. What was not synced may be gone when the process is killed, or not. */
export class MemorySpool implements Spool {
  readonly #folders = new Map<string, Map<SpoolFile, MemoryFile>>();
  readonly #claims = new Set<string>();
  /** Whether the volume that the files lie on is not there. */
  isAway = false;

  constructor(readonly faults: Faults) {}

  /** The process was killed. */
  crash(keepUnsynced: boolean): void {
    this.#claims.clear();
    for (const folder of this.#folders.values()) {
      for (const file of folder.values()) if (!keepUnsynced) file.pieces.length = file.synced;
    }
  }

  /** Changes something in a file. */
  damage(jobId: string, file: SpoolFile): void {
    const found = this.#folders.get(jobId)?.get(file);
    if (found === undefined) throw new Error('there is no such file yet');
    found.isDamaged = true;
  }

  has(jobId: string, file?: SpoolFile): boolean {
    const folder = this.#folders.get(jobId);
    return file === undefined ? folder !== undefined : folder?.has(file) === true;
  }

  // The ports are asynchronous, and errors rejections.
  /* eslint-disable @typescript-eslint/require-await */
  async create(jobId: string): Promise<void> {
    this.faults.during('spool.create', () => {
      if (!this.#folders.has(jobId)) this.#folders.set(jobId, new Map());
    });
  }

  async append(jobId: string, name: SpoolFile, from: Extent): Promise<SpoolWriter> {
    return this.faults.during(`spool.append ${name}`, () => {
      const folder = this.#folderOf(jobId);
      const file = folder.get(name) ?? { pieces: [], synced: 0 };
      folder.set(name, file);
      const isWhole = lengthOf(file.pieces.slice(0, from.pieces)) === from.length;
      if (!isWhole || file.isDamaged === true) throw new Broken('too short');
      file.pieces.length = from.pieces;
      file.synced = Math.min(file.synced, from.pieces);
      return this.#writer(name, file);
    });
  }

  async *read(jobId: string, name: SpoolFile, extent: Extent): AsyncGenerator<Uint8Array> {
    if (extent.pieces === 0) return;
    const file = this.faults.during(`spool.read ${name}`, () => this.#folderOf(jobId).get(name));
    if (file === undefined) throw new Broken('no file');
    for (let place = 0; place < extent.pieces; place += 1) {
      const piece = this.faults.during(`spool.piece ${name}`, () => file.pieces[place]);
      const isWhole = lengthOf(file.pieces.slice(0, extent.pieces)) === extent.length;
      if (piece === undefined || !isWhole || file.isDamaged === true) throw new Broken('damaged');
      yield Uint8Array.from(piece);
    }
  }

  async discard(jobId: string, name?: SpoolFile): Promise<void> {
    this.faults.during('spool.discard', () => {
      if (name === undefined) this.#folders.delete(jobId);
      else this.#folders.get(jobId)?.delete(name);
    });
  }

  async jobs(): Promise<readonly string[]> {
    return this.faults.during('spool.jobs', () => [...this.#folders.keys()]);
  }
  /* eslint-enable @typescript-eslint/require-await */

  claim(jobId: string): JobClaim | undefined {
    // Claims are this process's own: an answer that is lost leaves none behind.
    this.faults.during('spool.claim', () => undefined);
    if (this.#claims.has(jobId)) return undefined;
    this.#claims.add(jobId);
    const first = new Map<string, number>();
    return {
      isFirst: (ownRef, row) => {
        const known = this.faults.during('claim.isFirst', () => first.get(ownRef) ?? row);
        if (known === row) first.set(ownRef, row);
        return known === row;
      },
      release: () => {
        this.#claims.delete(jobId);
      },
    };
  }

  #folderOf(jobId: string): Map<SpoolFile, MemoryFile> {
    const folder = this.isAway ? undefined : this.#folders.get(jobId);
    if (folder === undefined) throw new Missing('no folder');
    return folder;
  }

  /* eslint-disable @typescript-eslint/require-await */
  #writer(name: SpoolFile, file: MemoryFile): SpoolWriter {
    let isUsable = true;
    const during = <Result>(what: string, work: () => Result): Result => {
      if (!isUsable) throw new TypeError('the writer is done for');
      try {
        return this.faults.during(`writer.${what} ${name}`, work);
      } catch (error) {
        isUsable = false;
        throw error;
      }
    };
    return {
      append: async (piece) => {
        // A copy, since the piece is the caller's.
        during('append', () => file.pieces.push(Uint8Array.from(piece)));
      },
      sync: async () =>
        during('sync', () => {
          file.synced = file.pieces.length;
          return { pieces: file.pieces.length, length: lengthOf(file.pieces) };
        }),
      close: async () => {
        isUsable = false;
      },
    };
  }
  /* eslint-enable @typescript-eslint/require-await */
}

/** Each piece has a seal of its own, which takes room. */
function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length + 16, 0);
}

/** Where results go, in memory. */
export class MemoryDelivery implements Delivery {
  readonly files = new Map<string, string>();
  readonly receipts: Receipt[] = [];
  readonly settled: string[] = [];
  readonly discarded: string[] = [];
  /** Thrown instead of delivering. */
  trouble: (() => Error) | undefined;
  /** Thrown instead of deleting what was delivered of a job. */
  troubleFor: (job: Job) => Error | undefined = () => undefined;
  /** Called when a receipt was delivered, and before anything is put away or deleted. */
  onReceipt: () => void = () => undefined;
  onSettle: () => void = () => undefined;
  onDiscard: () => void = () => undefined;

  constructor(readonly faults: Faults) {}

  async deliver(_job: Job, files: readonly OutputFile[], receipt: Receipt): Promise<void> {
    if (this.trouble !== undefined) throw this.trouble();
    for (const { name, content } of files) {
      const pieces: Uint8Array[] = [];
      for await (const piece of content()) pieces.push(piece);
      this.faults.during('delivery.file', () => this.files.set(name, Buffer.concat(pieces).toString()));
    }
    this.faults.during('delivery.receipt', () => this.receipts.push(receipt));
    this.onReceipt();
  }

  async settle(job: Job): Promise<void> {
    await Promise.resolve();
    if (this.trouble !== undefined) throw this.trouble();
    this.onSettle();
    this.faults.during('delivery.settle', () => this.settled.push(job.id));
  }

  async discard(job: Job): Promise<void> {
    await Promise.resolve();
    if (this.trouble !== undefined) throw this.trouble();
    this.onDiscard();
    const trouble = this.troubleFor(job);
    if (trouble !== undefined) throw trouble;
    this.faults.during('delivery.discard', () => this.discarded.push(job.id));
  }
}
