import { createPrivateKey, createPublicKey, sign, verify, type KeyObject, constants } from 'node:crypto';
import type { JWK } from 'jose';
import { z } from 'zod';

/** The algorithms that HelseID accepts for client assertions (helseid 2.1). */
export const assertionAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
] as const;

/** One of them. */
export type AssertionAlgorithm = (typeof assertionAlgorithms)[number];

/**
 * A private key that can sign a client assertion: a JWK with its id and algorithm. `exp` is the end of its registration in
 * seconds since 1970, where it is known.
 */
export type PrivateJwk = JWK & {
  readonly kty: string;
  readonly kid: string;
  readonly alg: string;
  readonly exp?: number | undefined;
};

/** What the settings say of the key besides the key itself. */
export interface KeySettings {
  readonly keyId?: string | undefined;
  readonly algorithm?: AssertionAlgorithm | undefined;
}

/** Why a key cannot be used, told by the setting that is to be changed. Never tells anything of the key. */
export interface KeyProblem {
  readonly setting: 'privateKey' | 'keyId' | 'algorithm';
  readonly found: string;
  readonly expected: string;
}

/** A key, or what is wrong with it. */
export type KeyReading =
  | { readonly key: PrivateJwk; readonly problem?: undefined }
  | { readonly key?: undefined; readonly problem: KeyProblem };

/** The smallest RSA key that the algorithms allow (RFC 7518 3.3), in bits. */
const LEAST_RSA_BITS = 2048;

/** The algorithm that goes with each curve (RFC 7518 3.4). */
const ALGORITHM_OF_CURVE = new Map<string, AssertionAlgorithm>([
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
]);

/**
 * Reads a private key out of text: a JWK in JSON, or PEM (PKCS#8, or the older forms of RSA and EC). A JWK names its id and
 * algorithm itself, and they win over the settings, which are of the key before where a rotation has put a JWK in place of PEM. PEM needs the setting for the id, and has PS256 (RSA) or what its curve asks for (EC) where no algorithm is
 * set. A signature is tried, so that halves that do not belong together are found here and not by HelseID.
 */
export function readPrivateKey(text: string, settings: KeySettings): KeyReading {
  const written = text.trim();
  return written.startsWith('{') ? fromJwk(written, settings) : fromPem(written, settings);
}

const EXPECTED =
  'a private key without passphrase: a JWK (JSON) with kid, d and alg, or PEM (BEGIN PRIVATE KEY); RSA or EC';

const jwkShape = z.looseObject({
  kty: z.enum(['RSA', 'EC']),
  d: z.string().min(1),
  kid: z.string().min(1).optional(),
  alg: z.string().optional(),
  exp: z.number().positive().optional(),
});

function fromJwk(text: string, settings: KeySettings): KeyReading {
  const parsed = jwkShape.safeParse(parseJson(text)).data;
  if (parsed === undefined || (parsed['use'] ?? 'sig') !== 'sig')
    return unusable('JSON that is no private JWK of RSA or EC for signatures');
  const key = keyFrom(() => createPrivateKey({ key: { ...parsed }, format: 'jwk' }));
  if (key === undefined) return unusable('a JWK whose members do not make a key');
  const { kid = settings.keyId, alg = settings.algorithm } = parsed;
  if (kid === undefined) return unusable('a JWK without kid');
  if (alg === undefined) return unusable('a JWK without alg');
  return checked(key, { ...parsed, kid, alg }, 'privateKey');
}

function fromPem(written: string, { keyId, algorithm }: KeySettings): KeyReading {
  // An environment file has no line breaks in a value.
  const text = written.includes('\n') ? written : written.replaceAll('\\n', '\n');
  if (text.includes('ENCRYPTED')) return unusable('a key that is encrypted');
  if (text.includes('BEGIN CERTIFICATE')) return unusable('a certificate');
  if (text.includes('PUBLIC KEY')) return unusable('a public key');
  if (!text.includes('PRIVATE KEY')) return unusable('neither JSON nor PEM');
  const key = keyFrom(() => createPrivateKey(text));
  if (key === undefined) return unusable('PEM that cannot be read');
  const jwk = keyFrom(() => key.export({ format: 'jwk' }));
  const { kty, crv = '' } = jwk ?? {};
  const natural = kty === 'RSA' ? 'PS256' : ALGORITHM_OF_CURVE.get(crv);
  if (jwk === undefined || kty === undefined || natural === undefined) {
    return unusable('a key of a kind that HelseID does not take');
  }
  if (keyId === undefined) {
    return wrong('keyId', 'nothing', 'the id (kid) that the key is registered with, since PEM has none');
  }
  return checked(key, { ...jwk, kty, kid: keyId, alg: algorithm ?? natural }, 'algorithm');
}

function checked(key: KeyObject, jwk: PrivateJwk, setting: KeyProblem['setting']): KeyReading {
  const { kty, alg } = jwk;
  const natural = ALGORITHM_OF_CURVE.get(jwk.crv ?? '');
  const fitting = assertionAlgorithms.filter((name) =>
    kty === 'RSA' ? !name.startsWith('ES') : name === natural,
  );
  const algorithm = fitting.find((name) => name === alg);
  if (fitting.length === 0) return unusable('a curve that HelseID does not take');
  if (algorithm === undefined) {
    return wrong(setting, 'an algorithm that does not fit the key', `one of ${fitting.join(', ')}`);
  }
  if (kty === 'RSA' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS) {
    return unusable(`an RSA key of less than ${LEAST_RSA_BITS} bits`);
  }
  return canSign(key, algorithm) ? { key: jwk } : unusable('a key whose halves do not belong together');
}

function canSign(key: KeyObject, algorithm: AssertionAlgorithm): boolean {
  const digest = `sha${algorithm.slice(2)}`;
  const padding = algorithm.startsWith('PS') ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const options = algorithm.startsWith('ES') ? {} : { padding };
  const probe = Buffer.from('probe');
  return (
    keyFrom(() => {
      const signature = sign(digest, probe, { key, ...options });
      return verify(digest, probe, { key: createPublicKey(key), ...options }, signature);
    }) === true
  );
}

/** What the platform makes of it; its own errors may quote what they choke on. */
function keyFrom<Made>(make: () => Made): Made | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function unusable(found: string): KeyReading {
  return wrong('privateKey', found, EXPECTED);
}

function wrong(setting: KeyProblem['setting'], found: string, expected: string): KeyReading {
  return { problem: { setting, found, expected } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
