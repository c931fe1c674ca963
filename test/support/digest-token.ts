import { createHash } from 'node:crypto';
import { namespaces, SENT_AT } from './soap-request.js';

export const DIGEST_TYPE = namespaces.passwordText.replace('PasswordText', 'PasswordDigest');

/** A UsernameToken with a digest, as the profile says unless a part is given. */
export interface DigestTokenParts {
  readonly username?: string;
  readonly secret?: string;
  readonly nonce?: Uint8Array;
  readonly created?: string;
  /** XML text in place of the element. */
  readonly passwordElement?: string;
  readonly nonceElement?: string;
  readonly createdElement?: string;
}

/** The digest as the profile makes it. */
export function digestOf(nonce: Uint8Array | string, created: string, secret: string): string {
  return createHash('sha1').update(nonce).update(created).update(secret).digest('base64');
}

export function digestToken(parts: DigestTokenParts = {}): string {
  const { username = 'epj', secret = 'blåbær-1', nonce = someNonce(), created = SENT_AT } = parts;
  const digest = digestOf(nonce, created, secret);
  return [
    `<o:UsernameToken u:Id="t"><o:Username>${username}</o:Username>`,
    parts.passwordElement ?? `<o:Password Type="${DIGEST_TYPE}">${digest}</o:Password>`,
    parts.nonceElement ?? `<o:Nonce>${Buffer.from(nonce).toString('base64')}</o:Nonce>`,
    parts.createdElement ?? `<u:Created>${created}</u:Created>`,
    '</o:UsernameToken>',
  ].join('');
}

/** Sixteen octets, others for each number. */
export function someNonce(number = 0): Uint8Array {
  const nonce = Buffer.alloc(16, 7);
  nonce.writeUInt32BE(number);
  return nonce;
}
