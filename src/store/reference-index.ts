import { rmSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { Random } from '../runtime/random.js';
import { Hmac } from './hmac.js';
import { createPrivately } from './private-file.js';

/** References that are gathered in memory before they are written. */
const PENDING = 5_000;

/** 128 bits, in hexadecimal: among a million references two meet by chance once in 10^26 files. */
const DIGEST_LENGTH = 32;

const queries = {
  create: 'CREATE TABLE reference (digest BLOB PRIMARY KEY, row INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  find: 'SELECT row FROM reference WHERE digest = ?',
  add: `
    INSERT INTO reference (digest, row) VALUES (?, ?)
    ON CONFLICT (digest) DO UPDATE SET row = min(row, excluded.row)`,
} as const;

/**
 * Which row of a file first had a reference, for files with more references than should be in memory. Begins empty, and is
 * made when it is first asked. Its file holds digests under a key that is nowhere but in memory, so it tells nobody anything
 * and is worth nothing when the process has ended.
 */
export class ReferenceIndex {
  readonly #hmac: Hmac;
  #opened: Opened | undefined;
  /** The digests in hexadecimal. */
  readonly #pending = new Map<string, number>();

  constructor(
    private readonly file: string,
    random: Random,
    private readonly pendingAtMost = PENDING,
  ) {
    this.#hmac = new Hmac(random.bytes(32));
  }

  /** Whether no earlier row has the reference. @throws what SQLite throws; the question may be asked again */
  isFirst(reference: string, row: number): boolean {
    const opened = (this.#opened ??= open(this.file));
    if (this.#pending.size >= this.pendingAtMost) this.#write(opened);
    const digest = this.#hmac.hexOf(reference).slice(0, DIGEST_LENGTH);
    const known = this.#pending.get(digest) ?? opened.find(digest);
    if (known !== undefined && known <= row) return known === row;
    this.#pending.set(digest, row);
    return true;
  }

  /** Lets go of the file and deletes it. */
  close(): void {
    this.#pending.clear();
    if (this.#opened === undefined) return;
    this.#opened.database.close();
    this.#opened = undefined;
    rmSync(this.file, { force: true });
  }

  #write({ write }: Opened): void {
    write(this.#pending);
    this.#pending.clear();
  }
}

type Opened = ReturnType<typeof open>;

function open(file: string) {
  for (const name of [file, `${file}-journal`]) rmSync(name, { force: true });
  createPrivately(file);
  const database = new BetterSqlite3(file, { timeout: 0, fileMustExist: true });
  try {
    // Whatever happens to the machine, the file is not read again. A transaction that fails is still undone.
    database.pragma('journal_mode = MEMORY');
    database.pragma('synchronous = OFF');
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('cache_size = -8192');
    database.exec(queries.create);
    const find = database.prepare<[Buffer]>(queries.find).pluck();
    const add = database.prepare<[Buffer, number]>(queries.add);
    return {
      database,
      find: (digest: string): number | undefined => {
        const row = find.get(Buffer.from(digest, 'hex'));
        return row === undefined ? undefined : Number(row);
      },
      write: database.transaction((pending: ReadonlyMap<string, number>) => {
        // In the order of the tree, so that each page is visited once.
        const inOrder = [...pending].sort(([one], [other]) => (one < other ? -1 : 1));
        for (const [digest, row] of inOrder) add.run(Buffer.from(digest, 'hex'), row);
      }),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}
