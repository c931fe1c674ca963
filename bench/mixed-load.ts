/**
 * An hour's work in five minutes (measurement 4): lookups by UsernameToken, in sessions and by Personregister-XML, searches,
 * unknown numbers and new sessions, 28 800 in all and at random. Memory stays flat, and each answer is to its own question.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { concludeWith, limitGoal } from './report/goals.js';
import { benchOptions } from './report/options.js';
import { surroundings } from './report/surroundings.js';
import { shown, tableOf } from './report/table.js';
import { medianOf } from './load/percentiles.js';
import type { Usage } from './processes/commands.js';
import { Setting, type ServerUnderTest } from './setting.js';

/** Eight a second is a busy hour of a large hospital. */
const IN_AN_HOUR = 8 * 3_600;
const MEGABYTE = 1024 * 1024;

const { isShort, profileTo } = benchOptions();
const MILLISECONDS = isShort ? 60_000 : 300_000;
const WARM_UP = isShort ? 10_000 : 60_000;
const perSecond = IN_AN_HOUR / 300;

process.stdout.write(surroundings());
await Setting.during({ profileTo }, async (setting) => {
  const adapter = await setting.serve('adapter');
  const load = { kind: 'open', perSecond, seed: 1 } as const;
  await setting.run(adapter, { ...load, milliseconds: WARM_UP }, { questions: 'mixed' });
  const watching = new AbortController();
  const watched = samples(adapter, watching.signal);
  const outcome = await setting.run(adapter, { ...load, milliseconds: MILLISECONDS }, { questions: 'mixed' });
  watching.abort();
  const usages = await watched;

  const halves = [usages.slice(0, usages.length / 2), usages.slice(usages.length / 2)] as const;
  const middle = (half: readonly Usage[], of: (usage: Usage) => number): number =>
    medianOf(half.map(of)) / MEGABYTE;
  const rows = (
    [
      ['memory (RSS)', ({ rssBytes }: Usage): number => rssBytes],
      ['of it live JavaScript', ({ heapUsedBytes }: Usage): number => heapUsedBytes],
    ] as const
  ).map(([name, of]) => [name, ...halves.map((half) => shown(middle(half, of)))]);
  process.stdout.write(`\n${tableOf([['megabytes, median', 'first half', 'second half'], ...rows])}`);
  const { p50, p95, p99 } = outcome.latency;
  process.stdout.write(
    `${outcome.asked} questions at ${shown(perSecond, 0)} a second; p50 ${shown(p50)} ms, p95 ${shown(p95)} ms, ` +
      `p99 ${shown(p99)} ms. ${JSON.stringify(outcome.wrong)}\n`,
  );
  const [first, second] = halves.map((half) => middle(half, ({ rssBytes }) => rssBytes));
  concludeWith([
    limitGoal('memory, second half : first half', (second ?? NaN) / (first ?? NaN), 'at most', 1.05),
    limitGoal('lost or crossed answers', outcome.asked - outcome.right, 'at most', 0),
  ]);
});

/** Looks at the process once a second. */
async function samples(server: ServerUnderTest, signal: AbortSignal): Promise<readonly Usage[]> {
  const taken: Usage[] = [];
  while (!signal.aborted) {
    taken.push(await server.process.usage());
    await wait(1_000, undefined, { signal }).catch(() => undefined);
  }
  return taken;
}
