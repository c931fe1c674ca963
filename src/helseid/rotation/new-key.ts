import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Random } from '../../runtime/random.js';

/** A private key to be registered: a JWK with all that names it. */
export type NewKey = JWK & {
  readonly kty: string;
  readonly kid: string;
  readonly alg: string;
  /** When its registration ends, in seconds since 1970; set once that is known. */
  readonly exp?: number | undefined;
};

/** As long as the keys that self service makes itself (helseid 5), in bits. */
const RSA_BITS = 4096;

/** Makes a key for client assertions, with an id of 32 hexadecimal digits. RSA takes a second or two. */
export async function newKey(algorithm: string, random: Random): Promise<NewKey> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true, modulusLength: RSA_BITS });
  const jwk = await exportJWK(privateKey);
  const { kty } = jwk;
  if (kty === undefined) throw new TypeError('a key without kty');
  const kid = Buffer.from(random.bytes(16)).toString('hex');
  return { ...jwk, kty, kid, alg: algorithm, use: 'sig' };
}

/** What is registered of a key: its public members and its marks, named one by one so that no other can slip through. */
export function publicHalf({ kty, kid, alg, n, e, crv, x, y }: JWK): JWK {
  const members = { kty, use: 'sig', kid, alg, n, e, crv, x, y };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
