import { errorCode } from '../errors/error-code.js';

/**
 * What can be wrong with the store itself, met at start or when sealed values are read. Requests never see these:
 * a store that fails under a request is an AuditUnavailable or a StoreFailed. Messages name folders and key ids, never content.
 */

/** The data folder or its database cannot be used. `message` is one plain sentence for the operator. */
export class StoreUnavailable extends Error {
  readonly code: string = 'store-unavailable';

  constructor(
    readonly directory: string,
    /** The end of the sentence, e.g. `permission denied`. */
    readonly reason: string,
    cause?: unknown,
  ) {
    super(
      `data.directory ${directory} cannot be used: ${reason}`,
      cause === undefined ? undefined : { cause },
    );
    this.name = new.target.name;
  }
}

/** The database was written by a newer program, whose tables this one does not know. */
export class SchemaTooNew extends StoreUnavailable {
  override readonly code = 'schema-too-new';

  constructor(
    directory: string,
    readonly found: number,
    readonly known: number,
  ) {
    super(
      directory,
      `its database has schema version ${found} and this program knows versions up to ${known}; ` +
        'start the newer program, or choose another folder',
    );
  }
}

/** A key of the configuration cannot serve: wrong length, or an id that is malformed or given twice. */
export class UnusableKey extends Error {
  readonly code = 'unusable-key';

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** A sealed value names a key that is not configured. Nothing is lost: give the key back and it opens. */
export class UnknownSealingKey extends Error {
  readonly code = 'unknown-sealing-key';

  constructor(readonly keyId: string) {
    super(`a value is sealed with the key "${keyId}", which is not configured`);
    this.name = new.target.name;
  }
}

/** A sealed value was changed, cut, moved to another place, or sealed with another key of the same id. */
export class SealBroken extends Error {
  readonly code = 'seal-broken';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
  }
}

/** So little is left of the disk that files of jobs must not take it. It passes, like a disk that is full, whose code it has. */
export class DiskAlmostFull extends Error {
  readonly code = 'ENOSPC';

  constructor() {
    super('what is left of the disk is kept for the store');
    this.name = new.target.name;
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['ENOTDIR', 'a file stands where a folder is needed'],
  ['EEXIST', 'a file stands where a folder is needed'],
  ['EISDIR', 'a folder stands where a file is needed'],
  ['ENOENT', 'it does not exist and cannot be created'],
  ['SQLITE_FULL', 'the disk is full'],
  ['SQLITE_READONLY', 'the database is read-only'],
  ['SQLITE_CANTOPEN', 'the database file cannot be opened'],
  ['SQLITE_NOTADB', 'the database file is not an SQLite database'],
  ['SQLITE_CORRUPT', 'the database is damaged; restore it from a backup'],
  ['SQLITE_BUSY', 'another program keeps the database locked'],
  ['SQLITE_IOERR', 'the disk failed'],
]);

/** Plain words for what the file system or SQLite reported. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (code === undefined) return 'an unexpected error';
  return reasons.get(basicCode(code)) ?? code;
}

/** What SQLite refuses because of what is written, and not because of the state that it is in. */
const OF_WHAT_IS_WRITTEN = new Set(['SQLITE_CONSTRAINT', 'SQLITE_TOOBIG', 'SQLITE_MISMATCH', 'SQLITE_RANGE']);

/** Whether a write failed for a reason that is the store's, so that any other would fail, too. */
export function isTroubleOfTheStore(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true;
  const code = basicCode(errorCode(error) ?? '');
  return code.startsWith('SQLITE_') && !OF_WHAT_IS_WRITTEN.has(code);
}

/** Extended codes of SQLite (SQLITE_IOERR_FSYNC) without what comes after their first two words. */
function basicCode(code: string): string {
  return code.startsWith('SQLITE_') ? code.split('_').slice(0, 2).join('_') : code;
}
