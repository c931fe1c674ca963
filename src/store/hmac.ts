import { hash } from 'node:crypto';

const BLOCK = 64;
const DIGEST = 32;

/**
 * HMAC-SHA-256 (RFC 2104) of short messages under one key. Node's own `createHmac` takes some microseconds to set each one up,
 * which is more than all else that an audit entry's place in its chain costs; two hashes in one go take one.
 */
export class Hmac {
  /** The key's inner block, and room for messages behind it. */
  #inner: Buffer;
  /** The key's outer block, and room for the inner digest. */
  readonly #outer: Buffer;

  /** @param key of any length; at least 32 octets to be any good */
  constructor(key: Uint8Array) {
    const short = key.length > BLOCK ? hash('sha256', key, 'buffer') : key;
    this.#inner = Buffer.alloc(4096, 0);
    this.#outer = Buffer.alloc(BLOCK + DIGEST, 0);
    for (let index = 0; index < BLOCK; index += 1) {
      const octet = short[index] ?? 0;
      this.#inner[index] = octet ^ 0x36;
      this.#outer[index] = octet ^ 0x5c;
    }
  }

  /** Of the text in UTF-8, with the octets behind it: 64 characters of 0-9a-f. */
  hexOf(text: string, octets?: Uint8Array): string {
    // No character takes more than three octets for each of its UTF-16 units.
    this.#makeRoom(BLOCK + text.length * 3 + (octets?.length ?? 0));
    const inner = this.#inner;
    let length = BLOCK + inner.write(text, BLOCK, 'utf8');
    if (octets !== undefined) {
      inner.set(octets, length);
      length += octets.length;
    }
    this.#outer.write(hash('sha256', inner.subarray(0, length)), BLOCK, 'hex');
    return hash('sha256', this.#outer);
  }

  #makeRoom(length: number): void {
    if (length <= this.#inner.length) return;
    const larger = Buffer.alloc(length * 2);
    this.#inner.copy(larger, 0, 0, BLOCK);
    this.#inner = larger;
  }
}
