/**
 * What cannot stand in a sealed context token: that it was cancelled, or that its key was renewed. Kept until the token
 * would have ended anyway, shared by everybody who has the store.
 */
export interface ContextLedger {
  /** Ends a context with all of its keys at once. Kept until `forgetAt`, the latest one given. @throws StoreFailed */
  cancel(identifier: string, forgetAt: Date): void;
  /**
   * Ends one key of a context, known by its instance, at `endsAt`. The first renewal of a key counts.
   * @param instance empty for the key that the context was issued with
   * @throws StoreFailed
   */
  supersede(identifier: string, instance: string, endsAt: Date, forgetAt: Date): void;
  /** What is known of a context and one of its keys. @throws StoreFailed */
  stateOf(identifier: string, instance: string): ContextState;
}

/** Whether a context was cancelled, and when a key of it ends; undefined when that was never renewed. */
export interface ContextState {
  readonly cancelled: boolean;
  readonly keyEndsAt: Date | undefined;
}
