import { errors, importJWK, type JWK } from 'jose';
import { z } from 'zod';

/** A key that is not registered, with the reason for whoever sent it. Never holds a member's value. */
export class UnacceptableKey extends Error {
  override readonly name = 'UnacceptableKey';
}

/** The shortest RSA modulus of FAPI 2.0 (5.4.1), in bits. Self service itself makes 4096 (helseid 5). */
const SHORTEST_MODULUS = 2048;

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const curves: ReadonlyMap<string, string> = new Map([
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['ES512', 'P-521'],
]);

const rsaAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

const publicKey = z.looseObject({
  kty: z.enum(['RSA', 'EC']),
  kid: z.string().min(1).max(255),
  alg: z.enum([...rsaAlgorithms, ...curves.keys()]),
  use: z.literal('sig').optional(),
  n: base64url.optional(),
  e: base64url.optional(),
  crv: z.string().optional(),
  x: base64url.optional(),
  y: base64url.optional(),
});

/**
 * The key to register, without members that are none of a public key's.
 * @throws UnacceptableKey for a private, incomplete, malformed or weak one
 */
export async function acceptableKey(body: unknown): Promise<JWK> {
  const read = publicKey.safeParse(body);
  if (!read.success) {
    const members = read.error.issues.map(({ path }) => path.join('.') || 'body');
    throw new UnacceptableKey(`Missing or not understood: ${[...new Set(members)].join(', ')}.`);
  }
  const given = Object.keys(read.data).filter((name) => PRIVATE_MEMBERS.includes(name));
  if (given.length > 0) throw new UnacceptableKey('The key is private; send the public half alone.');
  const { kty, kid, alg, n, e, crv, x, y } = read.data;
  const marks = { kid, alg, use: 'sig' };
  const key = kty === 'RSA' ? rsaKey(alg, n, e) : ecKey(alg, crv, x, y);
  try {
    await importJWK(key, alg);
  } catch (error) {
    if (!(error instanceof errors.JOSEError || error instanceof DOMException || error instanceof TypeError))
      throw error;
    throw new UnacceptableKey('The members are those of no key.', { cause: error });
  }
  return { ...key, ...marks };
}

function rsaKey(alg: string, n: string | undefined, e: string | undefined): JWK {
  if (n === undefined || e === undefined) throw new UnacceptableKey('An RSA key has n and e.');
  if (!rsaAlgorithms.includes(alg)) throw new UnacceptableKey('alg does not fit kty.');
  const modulus = numberIn(n);
  if (modulus.toString(2).length < SHORTEST_MODULUS) {
    throw new UnacceptableKey(`An RSA key has at least ${String(SHORTEST_MODULUS)} bits.`);
  }
  const exponent = numberIn(e);
  if (exponent < 65_537n || exponent % 2n === 0n || modulus % 2n === 0n) {
    throw new UnacceptableKey('The exponent is too small, or the key is none.');
  }
  return { kty: 'RSA', n, e };
}

function ecKey(alg: string, crv: string | undefined, x: string | undefined, y: string | undefined): JWK {
  if (crv === undefined || x === undefined || y === undefined) {
    throw new UnacceptableKey('An EC key has crv, x and y.');
  }
  if (curves.get(alg) !== crv) throw new UnacceptableKey('alg does not fit the curve.');
  return { kty: 'EC', crv, x, y };
}

function numberIn(base64urlText: string): bigint {
  return BigInt(`0x0${Buffer.from(base64urlText, 'base64url').toString('hex')}`);
}
