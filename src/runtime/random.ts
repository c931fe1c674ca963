/** Randomness, handed to every part that needs it, so that tests can repeat themselves. */
export interface Random {
  /** A UUID of version 4, lower case. */
  uuid(): string;
  /** `length` random octets. */
  bytes(length: number): Uint8Array;
}
