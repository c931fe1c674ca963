/**
 * Closes the state of security contexts, so that clients can carry it: whoever has the key can serve a context, and
 * nobody else can read, change or make one.
 */
export interface ContextSeal {
  /** The state, closed under the newest key and for the context of this identifier alone. */
  seal(state: Uint8Array, identifier: string): Uint8Array;
  /**
   * The state that was sealed for the context.
   * @throws BadContextToken when it was changed or sealed for another context, or when its key is not configured
   */
  open(sealed: Uint8Array, identifier: string): Uint8Array;
}
