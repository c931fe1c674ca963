const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A session that a client has opened, under one of its keys. Contract: preg-hl7v3 1.5. */
export interface SecurityContext {
  /** The same through all renewals. `urn:uuid:…` */
  readonly identifier: string;
  /** Tells the keys of a renewed context apart, `urn:uuid:…`; undefined for the key that it was issued with. */
  readonly instance: string | undefined;
  readonly clientId: string;
  /** Of the credential that the client had when the key was made: another password ends the session. */
  readonly credentialDigest: string;
  readonly key: Uint8Array;
  readonly issuedAt: Date;
  /** From here on the key has to be renewed. */
  readonly keyExpiresAt: Date;
}

/** How long the old key stays good beside the new one. Contract: preg-hl7v3 1.5 step 5. */
export const KEY_ROLLOVER_MILLISECONDS = 5 * MINUTE;

/** The longest lifetime that a key can be given. */
export const LONGEST_KEY_LIFETIME_HOURS = 24;

/**
 * How long a context stays known when its key has ended. A client that was away at that time, such as a workstation that
 * slept over night, is told to renew the key and goes on, where an unknown context would cost its user an error.
 */
const KNOWN_AFTER_EXPIRY = 24 * HOUR;

/** Until when a context can be renewed or cancelled under this key. */
export function knownUntil({ keyExpiresAt }: Pick<SecurityContext, 'keyExpiresAt'>): Date {
  return new Date(keyExpiresAt.getTime() + KNOWN_AFTER_EXPIRY);
}

/** How long the store remembers longer than it has to: clocks of several nodes differ, and a clock may be set back. */
const REMEMBERED_LONGER = HOUR;

/** Until when the end of a key has to be remembered. */
export function keyForgottenAt(context: Pick<SecurityContext, 'keyExpiresAt'>): Date {
  return new Date(knownUntil(context).getTime() + REMEMBERED_LONGER);
}

/**
 * From when on a context is known: earlier than it was issued, by as much as clocks may differ. One from further ahead was
 * issued by a clock that has been set back since, and would be known longer than its cancellation is remembered.
 */
export function knownFrom({ issuedAt }: Pick<SecurityContext, 'issuedAt'>): Date {
  return new Date(issuedAt.getTime() - REMEMBERED_LONGER);
}

/** Until when the end of a context has to be remembered, whatever keys it was given up to now, or is at this moment. */
export function contextForgottenAt(now: Date): Date {
  return keyForgottenAt({ keyExpiresAt: new Date(now.getTime() + LONGEST_KEY_LIFETIME_HOURS * HOUR) });
}
