import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { percentilesForm, percentilesOf } from './percentiles.js';

/** How a run of questions went. */
export const outcomeForm = z.object({
  asked: z.number(),
  /** Answers that were about who was asked for. */
  right: z.number(),
  /** What was wrong with the others, and how often. */
  wrong: z.record(z.string(), z.number()),
  /** From the first question to the last answer. */
  seconds: z.number(),
  /** Of right answers, in milliseconds from when the question was to be asked. NaN where there was none. */
  latency: percentilesForm.extend({ mean: z.number() }).partial(),
});
export type Outcome = z.output<typeof outcomeForm>;

/** Counts answers and remembers how long they took. */
export class Tally {
  readonly #startedAt = performance.now();
  readonly #latencies: number[] = [];
  readonly #wrong = new Map<string, number>();
  #asked = 0;

  asked(): void {
    this.#asked += 1;
  }

  /** Notes what came of a question that was to be asked then, by performance.now(). */
  answered(dueAt: number, wrong: string | undefined): void {
    if (wrong === undefined) this.#latencies.push(performance.now() - dueAt);
    else this.#wrong.set(wrong, (this.#wrong.get(wrong) ?? 0) + 1);
  }

  outcome(): Outcome {
    const right = this.#latencies.length;
    const mean = this.#latencies.reduce((sum, latency) => sum + latency, 0) / right;
    return {
      asked: this.#asked,
      right,
      wrong: Object.fromEntries(this.#wrong),
      seconds: (performance.now() - this.#startedAt) / 1000,
      latency: right === 0 ? {} : { ...percentilesOf(this.#latencies), mean },
    };
  }
}
