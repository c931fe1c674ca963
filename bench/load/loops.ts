import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Asker } from './askers.js';
import { Tally, type Outcome } from './tally.js';

type Ask = (question: ReturnType<Asker>) => Promise<string | undefined>;

/** Closed: so many who each ask again as soon as they have their answer. */
export async function closedLoop(
  ask: Ask,
  next: Asker,
  load: {
    readonly concurrency: number;
    readonly milliseconds: number;
    readonly spreadMilliseconds?: number | undefined;
  },
): Promise<Outcome> {
  const { concurrency, milliseconds, spreadMilliseconds = 0 } = load;
  const tally = new Tally();
  const end = performance.now() + milliseconds;
  const worker = async (_: unknown, index: number): Promise<void> => {
    if (spreadMilliseconds > 0) await wait((index / concurrency) * spreadMilliseconds);
    while (performance.now() < end) await askOne(ask, next, tally, performance.now());
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return tally.outcome();
}

/**
 * Open: questions come when they come, at random, whether or not earlier ones have been answered. Latency counts from when a
 * question was to be asked, so that a server that stands still is not spared those that would have come meanwhile.
 */
export async function openLoop(
  ask: Ask,
  next: Asker,
  { perSecond, milliseconds, seed }: { perSecond: number; milliseconds: number; seed: number },
): Promise<Outcome> {
  const tally = new Tally();
  const draw = dice(seed);
  const begin = performance.now();
  const answered: Promise<void>[] = [];
  for (let due = begin; due < begin + milliseconds; due += (-Math.log(1 - draw()) * 1000) / perSecond) {
    const ahead = due - performance.now();
    // Late by up to a millisecond, whoever is asked: waiting more closely would take the core from the upstream.
    if (ahead > 0) await wait(Math.ceil(ahead));
    answered.push(askOne(ask, next, tally, due));
  }
  await Promise.all(answered);
  return tally.outcome();
}

/** All at once. */
export async function burst(ask: Ask, next: Asker, count: number): Promise<Outcome> {
  const tally = new Tally();
  const questions = Array.from({ length: count }, next);
  const now = performance.now();
  await Promise.all(questions.map((question) => askOne(ask, () => question, tally, now)));
  return tally.outcome();
}

async function askOne(ask: Ask, next: Asker, tally: Tally, dueAt: number): Promise<void> {
  tally.asked();
  tally.answered(dueAt, await ask(next()));
}

/** Numbers from 0 up to 1 that look random and are the same each time (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
