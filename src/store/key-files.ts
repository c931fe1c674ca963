import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { errorCode } from '../errors/error-code.js';
import type { Random } from '../runtime/random.js';
import { OWN_FILE_PREFIX, prepareDataDirectory } from './data-directory.js';
import type { SealingKey } from './sealer.js';
import { StoreUnavailable, reasonOf } from './store-errors.js';

/** The keys that a store needs. */
export interface StoreKeys {
  readonly sealingKeys: readonly SealingKey[];
  readonly pseudonymKey: Uint8Array;
}

const KEY_LENGTH = 32;

/**
 * The keys of a sandbox, beside its data: made at the first start, the same ever after, whoever starts together.
 * For sandboxes alone; in a hospital the keys live away from the database that they protect.
 * Each file holds 32 octets in base64 and belongs to its owner only (0600).
 * @throws StoreUnavailable
 */
export function loadOrCreateKeys(directory: string, random: Random): StoreKeys {
  prepareDataDirectory(directory);
  const sealingKey = loadOrCreateKey(directory, 'sealing.key', random);
  return {
    sealingKeys: [{ id: `sandbox-${fingerprint(sealingKey)}`, key: sealingKey }],
    pseudonymKey: loadOrCreateKey(directory, 'pseudonym.key', random),
  };
}

function loadOrCreateKey(directory: string, name: string, random: Random): Uint8Array {
  const file = path.join(directory, OWN_FILE_PREFIX + name);
  try {
    if (!existsSync(file)) createOnce(file, random);
    chmodSync(file, 0o600);
    const text = readFileSync(file, 'latin1').trim();
    const key = Buffer.from(text, 'base64');
    if (key.length !== KEY_LENGTH || key.toString('base64') !== text) {
      throw new StoreUnavailable(
        directory,
        `its file ${path.basename(file)} is not a key; delete it for a new one, but what was sealed with it stays closed`,
      );
    }
    return key;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(directory, reasonOf(error), error);
  }
}

/** Writes the file under another name and links it into place: it is there whole or not at all, and only once. */
function createOnce(file: string, random: Random): void {
  const draft = `${file}.${random.uuid()}`;
  const handle = openSync(draft, 'wx', 0o600);
  try {
    try {
      writeSync(handle, `${Buffer.from(random.bytes(KEY_LENGTH)).toString('base64')}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    linkSync(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function fingerprint(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
