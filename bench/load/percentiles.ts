import { z } from 'zod';

/** Milliseconds that so many in a hundred took at most. */
export const percentilesForm = z.object({
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
});
export type Percentiles = z.output<typeof percentilesForm>;

/** By the nearest rank; NaN for none. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (percent: number): number => sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? NaN;
  return { p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}

/** The one in the middle, or between the two there; NaN for none. */
export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? NaN) + (sorted[Math.floor(half)] ?? NaN)) / 2;
}
