import nodeFs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { JWK } from 'jose';
import { z } from 'zod';
import { errorCode } from '../../errors/error-code.js';
import type { Random } from '../../runtime/random.js';
import type { NewKey } from './new-key.js';
import { RotationFailed } from './rotation-failed.js';

/** What is needed of the file system, as node:fs has it; tests let it stop in the middle. */
export interface FileSystem {
  chmodSync(path: string, mode: number): void;
  chownSync(path: string, owner: number, group: number): void;
  closeSync(handle: number): void;
  fsyncSync(handle: number): void;
  linkSync(existing: string, name: string): void;
  openSync(path: string, flags: string, mode?: number): number;
  readdirSync(path: string): string[];
  readFileSync(path: string, encoding: 'utf8'): string;
  realpathSync(path: string): string;
  renameSync(from: string, to: string): void;
  rmSync(path: string, options: { readonly force: true }): void;
  statSync(path: string): { readonly uid: number; readonly gid: number; readonly mode: number };
  writeSync(handle: number, octets: Uint8Array, offset: number): number;
}

const pendingShape = z.looseObject({
  kty: z.string(),
  kid: z.string().min(1),
  alg: z.string().min(1),
  d: z.string().min(1),
  exp: z.number().optional(),
});

/**
 * The key file and its two neighbours: `.pending`, a new key of which it is not known yet whether it is registered, and `.previous`,
 * the key before the one in use. Each is there whole or not at all, whenever the process or the machine stops: written aside,
 * brought to the disk, and put in place in one step.
 */
export class KeyFiles {
  /** The key file itself; where a link was configured, the file that it leads to. */
  readonly file: string;
  readonly pendingFile: string;
  readonly previousFile: string;

  /**
   * @param problemIn why an adapter could not use a text as its key, in words that tell nothing of the key
   * @throws RotationFailed when there is no such file
   */
  constructor(
    file: string,
    private readonly random: Random,
    private readonly problemIn: (text: string) => string | undefined,
    private readonly fs: FileSystem = nodeFs,
  ) {
    this.file = told(dirname(file), () => this.fs.realpathSync(file));
    this.pendingFile = `${this.file}.pending`;
    this.previousFile = `${this.file}.previous`;
  }

  /** The new key of a rotation that did not come to its end. @throws RotationFailed for a file that holds something else */
  pending(): NewKey | undefined {
    const text = this.#textOf(this.pendingFile);
    if (text === undefined) return undefined;
    const { data } = pendingShape.safeParse(jsonIn(text));
    if (data !== undefined) return data;
    throw new RotationFailed(
      `${this.pendingFile} holds no private JWK, so that it is not from this command. Move it away and run the command again.`,
    );
  }

  /**
   * Keeps a new key, readable by its owner alone, who is that of the key file.
   * @throws RotationFailed when another rotation keeps one, or when it cannot be written as it has to be
   */
  keep(key: NewKey): void {
    this.#told(() => {
      this.#writeAside(this.pendingFile, textOf(key), (draft) => {
        this.#assertUsable(draft);
        try {
          this.fs.linkSync(draft, this.pendingFile);
        } catch (error) {
          if (errorCode(error) !== 'EEXIST') throw error;
          throw new RotationFailed(
            'Another rotation has just begun. Run the command again to see how it ended.',
          );
        }
      });
    });
  }

  /** Replaces what is kept of the pending key, once its end is known. @throws RotationFailed, the pending key being as it was */
  note(key: NewKey): void {
    this.#told(() => {
      this.#writeAside(this.pendingFile, textOf(key), (draft) => {
        this.#assertUsable(draft);
        this.fs.renameSync(draft, this.pendingFile);
      });
    });
  }

  /** Gives a key up that nobody has registered. */
  discard(): void {
    this.#told(() => {
      this.fs.rmSync(this.pendingFile, { force: true });
      this.#syncFolder();
    });
  }

  /**
   * Puts the new key in place of the one in use, which is kept as the previous one. Who could read the file still can.
   * @throws RotationFailed when that cannot be done, or when an adapter could not read the new key
   */
  install(key: NewKey): void {
    this.#told(() => {
      const isInUse = keyIdIn(this.fs.readFileSync(this.file, 'utf8')) === key.kid;
      // Runs that overlap: another one may have moved the pending key to its place, or given it up.
      if (this.#textOf(this.pendingFile) === undefined) {
        if (isInUse) return;
        this.note(key);
      }
      this.#assertUsable(this.pendingFile);
      if (!isInUse) {
        this.#writeAside(this.previousFile, this.fs.readFileSync(this.file, 'utf8'), (draft) => {
          this.fs.renameSync(draft, this.previousFile);
        });
      }
      // An adapter often reads the file as a member of its group; others never have any business with it.
      const readers = this.fs.statSync(this.file).mode & 0o040;
      this.fs.chmodSync(this.pendingFile, 0o600 | readers);
      this.fs.renameSync(this.pendingFile, this.file);
      this.#syncFolder();
      this.#removeDrafts();
    });
  }

  /** What stands in the file is judged, not what was meant to: it is that which an adapter is going to read. */
  #assertUsable(file: string): void {
    const problem = this.problemIn(this.fs.readFileSync(file, 'utf8'));
    if (problem !== undefined)
      throw new RotationFailed(`What is in ${file} is no key for an adapter: ${problem}.`);
  }

  /** What a run that was stopped has left half written: private keys that nobody misses. */
  #removeDrafts(): void {
    const folder = dirname(this.file);
    const beginnings = [this.pendingFile, this.previousFile].map((file) => `${basename(file)}.`);
    for (const name of this.fs.readdirSync(folder)) {
      const rest = beginnings.flatMap((begin) => (name.startsWith(begin) ? [name.slice(begin.length)] : []));
      if (rest.some((id) => DRAFT.test(id))) this.fs.rmSync(join(folder, name), { force: true });
    }
  }

  #textOf(file: string): string | undefined {
    return this.#told(() => {
      try {
        return this.fs.readFileSync(file, 'utf8');
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    });
  }

  #writeAside(file: string, text: string, putInPlace: (draft: string) => void): void {
    const draft = `${file}.${this.random.uuid()}`;
    try {
      const handle = this.fs.openSync(draft, 'wx', 0o600);
      try {
        this.#writeAll(handle, Buffer.from(text, 'utf8'));
        this.fs.fsyncSync(handle);
      } finally {
        this.fs.closeSync(handle);
      }
      this.#giveToOwner(draft);
      putInPlace(draft);
    } finally {
      this.fs.rmSync(draft, { force: true });
    }
    this.#syncFolder();
  }

  /** A disk that is nearly full takes a part and says so by the number alone. */
  #writeAll(handle: number, octets: Uint8Array): void {
    for (let written = 0; written < octets.length;) {
      const more = this.fs.writeSync(handle, octets, written);
      if (more <= 0) throw new RotationFailed(`The disk of ${dirname(this.file)} takes no more.`);
      written += more;
    }
  }

  /** A key that root has made is of no use to an adapter that runs as somebody else. */
  #giveToOwner(draft: string): void {
    const wanted = this.fs.statSync(this.file);
    const made = this.fs.statSync(draft);
    const groupMatters = (wanted.mode & 0o040) !== 0;
    if (wanted.uid === made.uid && (wanted.gid === made.gid || !groupMatters)) return;
    try {
      this.fs.chownSync(draft, wanted.uid, wanted.gid);
    } catch (error) {
      if (errorCode(error) !== 'EPERM') throw error;
      throw new RotationFailed(
        `${this.file} belongs to another user or group, who could not read the new key. Run the command as its owner or as root.`,
      );
    }
  }

  /** A name is on the disk when its folder is. Windows has no such thing. */
  #syncFolder(): void {
    if (process.platform === 'win32') return;
    const handle = this.fs.openSync(dirname(this.file), 'r');
    try {
      this.fs.fsyncSync(handle);
    } finally {
      this.fs.closeSync(handle);
    }
  }

  #told<Result>(action: () => Result): Result {
    return told(dirname(this.file), action);
  }
}

/** What the operating system refuses, as a sentence. */
function told<Result>(folder: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof RotationFailed || code === undefined) throw error;
    throw new RotationFailed(
      `The files of the key in ${folder} cannot be read or written (${code}). The command needs the right to make files there.`,
      { cause: error },
    );
  }
}

/** The end of a draft's name, a UUID. */
const DRAFT = /^[0-9a-f-]{36}$/;

function keyIdIn(text: string): unknown {
  const key = jsonIn(text);
  return typeof key === 'object' && key !== null && 'kid' in key ? key.kid : undefined;
}

function textOf(key: JWK): string {
  return `${JSON.stringify(key, undefined, 2)}\n`;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
