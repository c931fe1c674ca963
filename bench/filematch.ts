/**
 * How many rows of a Filematch file are matched in a second, beside a bare loop that makes the same bulk calls with the same
 * concurrency and does nothing with the answers.
 */
import { z } from 'zod';
import { runJob } from './load/filematch-job.js';
import { concludeWith, limitGoal } from './report/goals.js';
import { benchOptions } from './report/options.js';
import { acrossRounds, inRounds } from './report/rounds.js';
import { surroundings } from './report/surroundings.js';
import { shown, tableOf } from './report/table.js';
import { Setting } from './setting.js';

const { isShort, profileTo } = benchOptions();
const ROUNDS = isShort ? 1 : 5;
const ROWS = isShort ? 4_000 : 20_000;
const WARM_UP_ROWS = isShort ? 2_000 : 20_000;
/** `filematch.rowsPerBatch` and `filematch.maxConcurrentBatches` as they are by default. */
const ROWS_PER_CALL = 100;
const CONCURRENCY = 4;

interface Figure {
  readonly perSecond: number;
  /** Milliseconds of processor time, all threads. */
  readonly cpuPerRow: number;
}

process.stdout.write(surroundings());
await Setting.during({ profileTo }, async (setting) => {
  const loop = await setting.serve('bulk-loop');
  const adapter = await setting.serve('adapter');
  const server = { port: adapter.port, certificatePem: setting.certificatePem };
  const { people } = setting;
  const job = (rows: number): Promise<{ seconds: number }> => runJob(server, people, { rows });
  const bare = (rows: number): Promise<{ seconds: number }> =>
    loop.process.ask(
      'run',
      { nins: people.map(({ nin }) => nin), rows, rowsPerCall: ROWS_PER_CALL, concurrency: CONCURRENCY },
      z.object({ seconds: z.number() }),
    );
  await bare(WARM_UP_ROWS);
  await job(WARM_UP_ROWS);

  const contenders = new Map([
    ['bare loop', async () => figureOf(loop, bare)],
    ['job', async () => figureOf(adapter, job)],
  ]);
  const rounds = await inRounds(contenders, ROUNDS);
  const median = (figure: (of: Figure) => number, name: string): string =>
    shown(acrossRounds(rounds, (at) => figure(at(name))).median, 2);
  process.stdout.write(
    `\n${tableOf([
      ['', 'rows a second', 'ms of processor time for a row'],
      ...[...contenders.keys()].map((name) => [
        name,
        median(({ perSecond }) => perSecond, name),
        median(({ cpuPerRow }) => cpuPerRow, name),
      ]),
    ])}`,
  );
  const ratio = acrossRounds(rounds, (at) => at('job').perSecond / at('bare loop').perSecond);
  const what = `job : bare loop (${ratio.lowest.toFixed(2)}–${ratio.highest.toFixed(2)})`;
  concludeWith([limitGoal(what, ratio.median, 'at least', 0.8)]);
});

async function figureOf(
  { process: server }: Awaited<ReturnType<Setting['serve']>>,
  work: (rows: number) => Promise<{ seconds: number }>,
): Promise<Figure> {
  const before = await server.usage();
  const { seconds } = await work(ROWS);
  const { cpuMilliseconds } = await server.usage();
  return { perSecond: ROWS / seconds, cpuPerRow: (cpuMilliseconds - before.cpuMilliseconds) / ROWS };
}
