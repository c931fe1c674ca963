import { createHmac } from 'node:crypto';

/**
 * The session key that client and server make of their entropies: P_SHA1 with the client's as secret and the server's
 * as seed, without a label. Contract: preg-hl7v3 1.5 step 3; P_hash of RFC 2246 part 5 with HMAC-SHA1.
 * @param length octets of the key
 * @throws RangeError when an entropy is empty or the length is not a positive whole number, both mistakes of the caller
 */
export function deriveKey(clientEntropy: Uint8Array, serverEntropy: Uint8Array, length = 32): Uint8Array {
  if (clientEntropy.length === 0 || serverEntropy.length === 0) throw new RangeError('empty entropy');
  if (!Number.isSafeInteger(length) || length < 1) throw new RangeError('not a length of a key');
  const key = new Uint8Array(length);
  let step: Uint8Array = serverEntropy;
  for (let filled = 0; filled < length;) {
    step = hmacSha1(clientEntropy, step);
    const block = hmacSha1(clientEntropy, step, serverEntropy).subarray(0, length - filled);
    key.set(block, filled);
    filled += block.length;
  }
  return key;
}

function hmacSha1(secret: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac('sha1', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}
