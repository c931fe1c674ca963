/** Which nonces have been used, so that a recorded password digest cannot be sent again; survives a restart. */
export interface NonceLedger {
  /**
   * Takes note of a nonce of a user, until it could no longer be accepted.
   * @returns `fresh` the first time, `used` every other time, `full` when too many of this user's are alive to take
   *   another one
   * @throws StoreFailed
   */
  use(username: string, nonce: Uint8Array, forgetAt: Date): 'fresh' | 'used' | 'full';
}
