const SHORTEST_MILLISECONDS = 10 * 60_000;

/** How far a log may be behind the feed before it is trouble, in milliseconds: ten minutes, or five waits where they are long. */
export function lagLimit(pollSeconds: number): number {
  return Math.max(SHORTEST_MILLISECONDS, 5 * pollSeconds * 1_000);
}
