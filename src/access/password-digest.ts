import { createHash, timingSafeEqual } from 'node:crypto';

/** What a caller sends in place of a password (WS-Security UsernameToken Profile 1.0, 3.1). */
export interface PasswordDigest {
  /** SHA-1 over nonce, creation time and password: 20 octets. */
  readonly value: Uint8Array;
  /** Decoded from base64. */
  readonly nonce: Uint8Array;
  /** The time of creation as it was sent, to the letter: its text is what was digested. */
  readonly created: string;
  /** When a message of that time is too old to be accepted: until then the nonce has to be remembered. */
  readonly acceptableUntil: Date;
}

/** Octets of a digest. */
export const DIGEST_LENGTH = 20;

/** Whether the digest was made with this password. Takes as long for a wrong one as for the right one. */
export function isDigestOf(password: string, { value, nonce, created }: PasswordDigest): boolean {
  const right = createHash('sha1').update(nonce).update(created, 'utf8').update(password, 'utf8').digest();
  return value.length === right.length && timingSafeEqual(right, value);
}
