import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { NationalId } from '../person/national-id.js';
import { Hmac } from './hmac.js';
import { UnusableKey } from './store-errors.js';

/**
 * Gives each number a name that says nothing without the key, always the same one, so that a person's entries can be
 * found: HMAC-SHA-256 (RFC 2104) over the number's digits, in lower-case hexadecimal.
 */
export class Pseudonymiser {
  readonly #key: KeyObject;
  readonly #quick: Hmac;

  /**
   * @param key at least 32 octets. There are few enough numbers to try them all: only the key protects them.
   * @throws UnusableKey
   */
  constructor(key: Uint8Array) {
    if (key.length < 32) throw new UnusableKey('the pseudonym key is shorter than 32 octets');
    this.#key = createSecretKey(key);
    this.#quick = new Hmac(key);
  }

  pseudonymOf(number: NationalId): string {
    return this.#quick.hexOf(number);
  }

  /**
   * A name for a text that is no number, told apart from the names of the same text for other purposes.
   * @param purpose begins with a letter, so that it is never taken for a number, and holds no NUL
   */
  digestOf(purpose: string, text: string): Buffer {
    return createHmac('sha256', this.#key).update(`${purpose}\0${text}`, 'utf8').digest();
  }
}
