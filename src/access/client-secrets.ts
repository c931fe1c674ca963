/** The secrets of clients that send digests: the password itself is needed to judge one, so that it is kept sealed. */
export interface ClientSecrets {
  /**
   * The secret behind `clients[].sealedPassword`.
   * @throws UnusableSecret
   */
  open(sealed: string): string;
  /** Tells one secret from another and says nothing of either; the same at every start and after sealing anew. */
  fingerprint(secret: string): string;
}

/** A sealed secret that cannot be opened. `reason` is the end of a sentence, and says nothing of the secret. */
export class UnusableSecret extends Error {
  override readonly name = 'UnusableSecret';

  constructor(
    readonly reason: string,
    cause?: unknown,
  ) {
    super(reason, cause === undefined ? undefined : { cause });
  }
}
