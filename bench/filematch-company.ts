/**
 * What a running Filematch job does to those who look people up meanwhile: the median of their waiting, beside that without a job.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { StartedJob } from './load/filematch-job.js';
import { concludeWith, limitGoal } from './report/goals.js';
import { benchOptions } from './report/options.js';
import { acrossRounds, inRounds } from './report/rounds.js';
import { surroundings } from './report/surroundings.js';
import { Setting } from './setting.js';

const { isShort, profileTo } = benchOptions();
const ROUNDS = isShort ? 1 : 5;
const MILLISECONDS = isShort ? 4_000 : 10_000;
/** Far more than are matched while lookups are measured. */
const ROWS = 500_000;
const PER_SECOND = 20;
const SETTLING_MILLISECONDS = 2_000;

interface Figure {
  readonly p50: number;
  readonly wrong: number;
  /** How the job got on meanwhile. */
  readonly rowsPerSecond: number;
}

process.stdout.write(surroundings());
await Setting.during({ profileTo }, async (setting) => {
  const adapter = await setting.serve('adapter');
  await setting.warm(adapter, isShort ? 500 : 4_000);
  const server = { port: adapter.port, certificatePem: setting.certificatePem };
  const job = await StartedJob.start(server, setting.people, ROWS);
  while ((await job.rowsDone()) === 0) await wait(100);

  let seed = 0;
  const lookups = async (wish: 'pause' | 'resume'): Promise<Figure> => {
    await job.tell(wish);
    // What is under way when it is paused has ended by then.
    await wait(SETTLING_MILLISECONDS);
    const before = await job.rowsDone();
    const outcome = await setting.run(adapter, {
      kind: 'open',
      perSecond: PER_SECOND,
      milliseconds: MILLISECONDS,
      seed: (seed += 1),
    });
    return {
      p50: outcome.latency.p50 ?? NaN,
      wrong: outcome.asked - outcome.right,
      rowsPerSecond: ((await job.rowsDone()) - before) / outcome.seconds,
    };
  };
  const contenders = new Map([
    ['without', () => lookups('pause')],
    ['beside a job', () => lookups('resume')],
  ]);
  const rounds = await inRounds(contenders, ROUNDS);
  await job.tell('cancel');
  const p50 = (name: string): number => acrossRounds(rounds, (at) => at(name).p50).median;
  const rows = acrossRounds(rounds, (at) => at('beside a job').rowsPerSecond).median;
  process.stdout.write(
    `Half of the lookups within ${p50('without').toFixed(1)} ms without a job and ${p50('beside a job').toFixed(1)} ms beside one, ` +
      `which got on by ${rows.toFixed(0)} rows a second meanwhile; ${PER_SECOND} lookups a second.\n`,
  );
  const ratio = acrossRounds(rounds, (at) => at('beside a job').p50 / at('without').p50);
  const wrong = rounds.flatMap((round) => [...round.values()]).reduce((sum, figure) => sum + figure.wrong, 0);
  concludeWith([
    limitGoal(
      `median beside a job : without (${ratio.lowest.toFixed(2)}–${ratio.highest.toFixed(2)})`,
      ratio.median,
      'at most',
      1.3,
    ),
    limitGoal('wrong answers', wrong, 'at most', 0),
  ]);
});
