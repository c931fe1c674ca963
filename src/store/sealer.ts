import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../runtime/random.js';
import { SealBroken, UnknownSealingKey, UnusableKey } from './store-errors.js';

/** A key for AES-256-GCM. The id stands in clear beside each sealed value: 1–64 of `A-Z a-z 0-9 . _ -`. */
export interface SealingKey {
  readonly id: string;
  /** 32 octets. */
  readonly key: Uint8Array;
}

/** Where a sealed value belongs. A value opened at another place is refused. */
export interface SealedPlace {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

const FORMAT = 1;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/**
 * Seals what could identify a person before it reaches the disk, with AES-256-GCM (NIST SP 800-38D, 96-bit random
 * nonces). Form: format octet, length of the key id, key id, nonce, cipher text, tag.
 */
export class Sealer {
  readonly #keys: ReadonlyMap<string, Uint8Array>;
  readonly #current: SealingKey;
  /** What stands before each value that is sealed with the current key. */
  readonly #head: Buffer;
  readonly #random: Random;

  /**
   * @param keys the first seals, all open; a new key goes in front and the old stay until nothing is sealed with them.
   * @throws UnusableKey
   */
  constructor(keys: readonly SealingKey[], random: Random) {
    const [current] = keys;
    if (current === undefined) throw new UnusableKey('there is no sealing key');
    const byId = new Map<string, Uint8Array>();
    for (const { id, key } of keys) {
      if (!/^[A-Za-z0-9._-]{1,64}$/.test(id)) throw new UnusableKey('the id of a sealing key is malformed');
      if (key.length !== 32) throw new UnusableKey(`the sealing key "${id}" is not 32 octets long`);
      if (byId.has(id)) throw new UnusableKey(`two sealing keys have the id "${id}"`);
      byId.set(id, key);
    }
    this.#keys = byId;
    this.#current = current;
    this.#head = Buffer.from([FORMAT, current.id.length, ...Buffer.from(current.id, 'ascii')]);
    this.#random = random;
  }

  /** The value, readable only with the key and at its place. */
  seal(value: Uint8Array, place: SealedPlace): Uint8Array {
    const { id, key } = this.#current;
    const nonce = this.#random.bytes(NONCE_LENGTH);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
    cipher.setAAD(associatedData(id, place));
    return Buffer.concat([this.#head, nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
  }

  /**
   * The value that was sealed.
   * @throws UnknownSealingKey when its key is not configured, SealBroken when it is not what was sealed here.
   */
  open(sealed: Uint8Array, place: SealedPlace): Uint8Array {
    const keyIdLength = sealed[1];
    if (sealed[0] !== FORMAT || keyIdLength === undefined) throw new SealBroken('not a sealed value');
    const nonceStart = 2 + keyIdLength;
    const textStart = nonceStart + NONCE_LENGTH;
    const tagStart = sealed.length - TAG_LENGTH;
    if (tagStart < textStart) throw new SealBroken('a sealed value is cut short');
    const id = Buffer.from(sealed.subarray(2, nonceStart)).toString('latin1');
    const key = this.#keys.get(id);
    if (key === undefined) {
      // A damaged id is shown in a form that cannot upset a terminal.
      throw new UnknownSealingKey(id.replace(/[^A-Za-z0-9._-]/g, '?'));
    }
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(nonceStart, textStart), {
        authTagLength: TAG_LENGTH,
      });
      decipher.setAAD(associatedData(id, place));
      decipher.setAuthTag(sealed.subarray(tagStart));
      return Buffer.concat([decipher.update(sealed.subarray(textStart, tagStart)), decipher.final()]);
    } catch (error) {
      throw new SealBroken('a sealed value was changed or does not belong here', error);
    }
  }
}

function associatedData(keyId: string, { table, column, row }: SealedPlace): Buffer {
  // JSON keeps the parts apart whatever they hold.
  return Buffer.from(JSON.stringify(['preg-adapter', FORMAT, keyId, table, column, row]), 'utf8');
}
