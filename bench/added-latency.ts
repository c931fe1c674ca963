/**
 * What the adapter adds to the time of a lookup (measurement 1): percentiles through it minus the floor's, lookups coming
 * at random at 30 % of what the floor can do. Each latency counts from when the lookup was to be sent.
 */
import type { Percentiles } from './load/percentiles.js';
import type { Run } from './load/run.js';
import { concludeWith, limitGoal } from './report/goals.js';
import { benchOptions } from './report/options.js';
import { acrossRounds, inRounds } from './report/rounds.js';
import { surroundings } from './report/surroundings.js';
import { shown, tableOf } from './report/table.js';
import { Setting, type ServerUnderTest } from './setting.js';

const { isShort, profileTo } = benchOptions();
const ROUNDS = isShort ? 1 : 7;
const MILLISECONDS = isShort ? 2_000 : 10_000;
const WARM_UP_ANSWERS = isShort ? 500 : 8_000;
const SHARE = 0.3;
const GOALS = { p50: 1.5, p95: 4, p99: 10 } as const;

type Measured = Pick<Percentiles, 'p50' | 'p95' | 'p99'> & { readonly wrong: number };

process.stdout.write(surroundings());
await Setting.during({ isBare: true, profileTo }, async (setting) => {
  const floor = await setting.serve('floor');
  const adapter = await setting.serve('adapter');
  const asked: readonly (readonly [name: string, ServerUnderTest, how: Partial<Run>])[] = [
    ['floor', floor, { strictness: 'status' }],
    ['adapter', adapter, {}],
    ['adapter, in session', adapter, { questions: 'session' }],
  ];
  const full = { kind: 'closed', concurrency: 64 } as const;
  for (const [, server, how] of asked) await setting.warm(server, WARM_UP_ANSWERS, how);
  const capacity = await setting.run(
    floor,
    { ...full, milliseconds: MILLISECONDS },
    { strictness: 'status' },
  );
  const perSecond = (SHARE * capacity.right) / capacity.seconds;
  process.stdout.write(
    `The floor answers ${shown(perSecond / SHARE)} a second; lookups come at ${shown(perSecond)} a second.\n`,
  );

  let seed = 0;
  const contenders = new Map(
    asked.map(([name, server, how]) => [
      name,
      async (): Promise<Measured> => {
        const load = { kind: 'open', perSecond, milliseconds: MILLISECONDS, seed: (seed += 1) } as const;
        const { latency, asked: sent, right } = await setting.run(server, load, how);
        const { p50 = NaN, p95 = NaN, p99 = NaN } = latency;
        return { p50, p95, p99, wrong: sent - right };
      },
    ]),
  );
  const rounds = await inRounds(contenders, ROUNDS);

  const kinds = ['p50', 'p95', 'p99'] as const;
  const rows = asked.map(([name]) => [
    name,
    ...kinds.map((kind) => shown(acrossRounds(rounds, (at) => at(name)[kind]).median)),
  ]);
  process.stdout.write(`\n${tableOf([['milliseconds', ...kinds], ...rows])}`);
  const goals = ['adapter', 'adapter, in session'].flatMap((name) =>
    kinds.map((kind) => {
      const { median, lowest, highest } = acrossRounds(rounds, (at) => at(name)[kind] - at('floor')[kind]);
      const what = `${name} minus floor, ${kind} (${shown(lowest)}–${shown(highest)})`;
      return limitGoal(what, median, 'at most', GOALS[kind], 'ms');
    }),
  );
  const wrong = rounds.flatMap((round) => [...round.values()]).reduce((sum, figure) => sum + figure.wrong, 0);
  concludeWith([...goals, limitGoal('wrong answers', wrong, 'at most', 0)]);
});
