/**
 * What cannot stand in a sealed context token: that it was cancelled, or that its key was renewed. Kept until the token
 * would have ended anyway, shared by everybody who has the store.
 */
export interface ContextLedger {
  /** Ends a context at once. Kept until `forgetAt`. @throws StoreUnavailable-like errors of the store */
  cancel(identifier: string, forgetAt: Date): void;
  /** Ends one key of a context, known by its instance, at `endsAt`. The first renewal of a key counts. */
  supersede(identifier: string, instance: string, endsAt: Date, forgetAt: Date): void;
  /** Whether the context was cancelled, and when the key ends; undefined when it was never renewed. */
  stateOf(
    identifier: string,
    instance: string,
  ): { readonly cancelled: boolean; readonly keyEndsAt: Date | undefined };
}
