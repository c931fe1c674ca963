/**
 * A file with a million rows: whether what a row costs stays the same from the first to the last, and what memory it takes beyond
 * what a file with ten thousand rows takes.
 */
import { runJob } from './load/filematch-job.js';
import { concludeWith, limitGoal } from './report/goals.js';
import { benchOptions } from './report/options.js';
import { surroundings } from './report/surroundings.js';
import { tableOf } from './report/table.js';
import { Setting } from './setting.js';

const { isShort, profileTo } = benchOptions();
const FEW = 10_000;
const MANY = isShort ? 40_000 : 1_000_000;
const MEGABYTE = 1024 * 1024;
/** Without it, Node.js leaves garbage lie as long as the machine has memory. */
const HEAP_MEGABYTES = 192;

process.stdout.write(surroundings());
await Setting.during({ profileTo }, async (setting) => {
  const adapter = await setting.serve('adapter', {}, { heapMegabytes: HEAP_MEGABYTES });
  const server = { port: adapter.port, certificatePem: setting.certificatePem };
  let most = 0;
  const watch = async (): Promise<void> => {
    most = Math.max(most, (await adapter.process.usage()).rssBytes);
  };
  // Twice: code is compiled and caches are filled with the first.
  await runJob(server, setting.people, { rows: FEW }, watch);
  await runJob(server, setting.people, { rows: FEW }, watch);
  const few = most;
  /** Processor time does not care what else the machine does. */
  const spent = async (): Promise<number> => (await adapter.process.usage()).cpuMilliseconds;
  const tenths: (readonly [done: number, milliseconds: number])[] = [[0, await spent()]];
  const { seconds } = await runJob(
    server,
    setting.people,
    { rows: MANY, pollMilliseconds: 500 },
    async (done) => {
      await watch();
      if (done >= (MANY / 10) * tenths.length) tenths.push([done, await spent()]);
    },
  );
  const costs = tenths.slice(1).map(([done, at], index) => {
    const [before, from] = tenths[index] ?? [0, 0];
    return (at - from) / (done - before);
  });
  process.stdout.write(
    `${MANY} rows in ${seconds.toFixed(0)} s, ${(MANY / seconds).toFixed(0)} a second; at most ${(most / MEGABYTE).toFixed(0)} MB.\n\n` +
      tableOf([
        ['ms of processor time for a row, by tenths', ...costs.map((_, index) => String(index + 1))],
        ['', ...costs.map((cost) => cost.toFixed(2))],
      ]),
  );
  const half = Math.floor(costs.length / 2);
  const mean = (some: readonly number[]): number => some.reduce((sum, cost) => sum + cost, 0) / some.length;
  concludeWith([
    limitGoal(`more memory than for ${FEW} rows`, (most - few) / MEGABYTE, 'at most', 32, 'MB'),
    limitGoal(
      'a row, second half : first half',
      mean(costs.slice(half)) / mean(costs.slice(0, half)),
      'at most',
      1.1,
    ),
  ]);
});
