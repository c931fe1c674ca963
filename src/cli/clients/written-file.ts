import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../errors/error-code.js';
import type { Random } from '../../runtime/random.js';
import { CommandFailed } from '../report.js';

/** What is needed to write a file beside the one that it takes the place of. */
interface Writing {
  readonly text: string;
  /** Whose owner and readers the file has, too. */
  readonly like: Stats;
  readonly mode: number;
  readonly random: Random;
}

/**
 * Puts a text in place of another in one step: whoever reads the file sees the one or the other, whenever the machine stops.
 * Owner and mode stay; a link stays a link.
 * @throws CommandFailed when somebody has changed the file meanwhile, or when it cannot be written
 */
export function replaceText(
  name: string,
  { before, after, random }: { readonly before: string; readonly after: string; readonly random: Random },
): void {
  told(name, () => {
    const file = realpathSync(name);
    const like = statSync(file);
    writtenAside(file, { text: after, like, mode: like.mode & 0o777, random }, (draft) => {
      if (readFileSync(file, 'utf8') !== before) {
        throw new CommandFailed(
          `${name} was changed by somebody else meanwhile: nothing was written. Try again.`,
        );
      }
      renameSync(draft, file);
    });
  });
}

/**
 * Writes a secret to a file of its own, readable by the owner of the configuration, and by its group where that reads the
 * configuration and others do not.
 * @throws CommandFailed when there is such a file already, or when it cannot be written
 */
export function writeSecret(
  file: string,
  {
    text,
    configuration,
    random,
  }: { readonly text: string; readonly configuration: string; readonly random: Random },
): void {
  told(file, () => {
    const like = statSync(configuration);
    const readers = (like.mode & 0o044) === 0o040 ? 0o040 : 0;
    const folder = dirname(file);
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      giveTo(folder, like);
      chmodSync(folder, readers === 0 ? 0o700 : 0o750);
    }
    writtenAside(file, { text: `${text}\n`, like, mode: 0o600 | readers, random }, (draft) => {
      // A name that is taken is refused, where renaming would replace what it has.
      linkSync(draft, file);
    });
  });
}

function writtenAside(
  file: string,
  { text, like, mode, random }: Writing,
  putInPlace: (draft: string) => void,
): void {
  const draft = `${file}.${random.uuid()}`;
  try {
    const handle = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    giveTo(draft, like);
    chmodSync(draft, mode);
    putInPlace(draft);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(file));
}

/** What root writes is of no use to an adapter that runs as somebody else. */
function giveTo(path: string, { uid, gid }: Stats): void {
  const made = statSync(path);
  if (made.uid !== uid || made.gid !== gid) chownSync(path, uid, gid);
}

/** A name is on the disk when its folder is. Windows has no such thing. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function told(file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || error instanceof CommandFailed) throw error;
    if (code === 'EEXIST') {
      throw new CommandFailed(
        `There is a file ${file} already, which may be somebody's: move it away, or name another one by --secret-file.`,
      );
    }
    if (code === 'EPERM') {
      throw new CommandFailed(
        `${file} cannot be given to the owner of the configuration: run the command as that user or as root.`,
      );
    }
    throw new CommandFailed(
      `${file} cannot be written (${code}). The command needs the right to make files in ${dirname(file)}.`,
    );
  }
}
