import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** A key that access tokens are bound to (RFC 9449). Lives in memory and as long as the process. */
export interface DpopKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** What one proof is made for. */
export interface ProofRequest {
  readonly method: string;
  readonly url: string;
  readonly accessToken: string;
  readonly nonce: string | undefined;
  readonly jti: string;
  readonly issuedAt: Date;
}

/** A fresh ES256 key: cheap to sign with, and kept apart from the key that is registered with HelseID. */
export async function newDpopKey(): Promise<DpopKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: false });
  return { privateKey, publicKey, publicJwk: await exportJWK(publicKey) };
}

/** The thumbprint that a token which is bound to the key names it by (RFC 7638). */
export async function thumbprintOf({ publicJwk }: DpopKey): Promise<string> {
  return calculateJwkThumbprint(publicJwk);
}

/** A proof for one attempt at one call (helseid 2.2). Never used twice. */
export async function dpopProof(key: DpopKey, request: ProofRequest): Promise<string> {
  const { origin, pathname } = new URL(request.url);
  const claims = {
    jti: request.jti,
    htm: request.method.toUpperCase(),
    htu: origin + pathname,
    ath: createHash('sha256').update(request.accessToken, 'ascii').digest('base64url'),
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.publicJwk })
    .setIssuedAt(request.issuedAt)
    .sign(key.privateKey);
}
