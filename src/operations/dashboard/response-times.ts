/** Upper bounds of what times are counted by, in milliseconds: close enough that a reader would not act otherwise by the true time. */
const BOUNDS = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000,
  7_000, 10_000, 15_000, 20_000, 30_000, 60_000,
] as const;

/** So many counts there are of times: one for each bound, and one for what is longer. */
export const TIME_COLUMNS = BOUNDS.length + 1;

/** Which of them a time is counted in. */
export function timeColumn(milliseconds: number): number {
  let low = 0;
  let high: number = BOUNDS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (milliseconds <= (BOUNDS[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The time that a share of the counted ones did not exceed, in milliseconds, estimated within its bounds; undefined without any.
 * @param counts as many as {@link TIME_COLUMNS}
 * @param share 0.95 for the 95th percentile
 */
export function timeAt(counts: Uint32Array, share: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const wanted = share * total;
  let before = 0;
  for (const [column, count] of counts.entries()) {
    if (count > 0 && before + count >= wanted) {
      const from = BOUNDS[column - 1] ?? 0;
      const to = BOUNDS[column] ?? from;
      return from + ((to - from) * (wanted - before)) / count;
    }
    before += count;
  }
  return BOUNDS.at(-1);
}
