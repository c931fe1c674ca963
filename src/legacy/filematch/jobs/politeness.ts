/** How a job keeps out of the way of those who sit and wait for an answer. */
export interface Politeness {
  /** Waits, before a batch is looked up, for as long as the batch would be in the way. @throws the signal's reason */
  standAside(signal: AbortSignal): Promise<void>;
  /** The most rows of the next batch. */
  readonly rowsPerBatch: number;
}

/** For where nobody else asks. */
export const nobodyToHeed: Politeness = {
  standAside: () => Promise.resolve(),
  rowsPerBatch: Number.POSITIVE_INFINITY,
};
