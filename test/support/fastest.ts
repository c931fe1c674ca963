import { performance } from 'node:perf_hooks';

/**
 * Milliseconds of the fastest of a few runs: what the work costs, not what else the machine was doing.
 */
export async function fastest(work: () => Promise<unknown>, runs = 3): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
