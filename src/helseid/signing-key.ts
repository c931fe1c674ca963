import { createHash } from 'node:crypto';
import { importJWK, type CryptoKey, type JWK } from 'jose';
import { tokenTrouble } from './token-errors.js';

/** A private JWK; `exp` is the end of its registration in seconds since 1970, where that is known. */
export type SigningJwk = JWK & { readonly exp?: number | undefined };

/** A key that client assertions are signed with. */
export class SigningKey {
  #imported: Promise<CryptoKey> | undefined;
  readonly #jwk: JWK;
  /** The id that HelseID knows it by. */
  readonly id: string;
  /** Tells one key from another, also where both have the same id. Nothing of the private half is in it. */
  readonly fingerprint: string;
  /** When its registration ends, where that is known. */
  readonly expiresAt: Date | undefined;

  constructor(jwk: SigningJwk) {
    const { kid = '', alg, kty, crv, n, e, x, y } = jwk;
    this.#jwk = jwk;
    this.id = kid;
    const ofPublicHalf = JSON.stringify([kid, alg, kty, crv, n, e, x, y]);
    this.fingerprint = createHash('sha256').update(ofPublicHalf).digest('base64url');
    const { exp } = jwk;
    this.expiresAt = exp === undefined || exp > LAST_SECOND ? undefined : new Date(exp * 1000);
  }

  /** What signs. @throws TokenRefused for a key that cannot */
  async signer(): Promise<CryptoKey> {
    this.#imported ??= imported(this.#jwk);
    return this.#imported;
  }
}

/** Where the key is found, which may change while the adapter runs. */
export interface SigningKeys {
  /** The key in use. */
  current(): SigningKey;
  /** Looks at once whether there is a new one. */
  reread(): Promise<void>;
}

/** A key that stays the same as long as the process lives. */
export function fixedKey(jwk: SigningJwk): SigningKeys {
  const key = new SigningKey(jwk);
  return { current: () => key, reread: () => Promise.resolve() };
}

/** The last second that a Date can tell. */
const LAST_SECOND = 8.64e12;

async function imported(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk).catch(() => undefined);
  if (key === undefined || key instanceof Uint8Array || key.type !== 'private') {
    throw tokenTrouble('unusable_key', 'the private key cannot sign');
  }
  return key;
}
