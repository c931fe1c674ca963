/**
 * What lookups that arrive together cost (measurement 2): 256 at once over connections that are open already, to an adapter
 * that asks for them together and to one that asks for each alone. The upstream takes 20 ms for a call, as a near one does.
 */
import type { Outcome } from './load/tally.js';
import { medianOf } from './load/percentiles.js';
import { concludeWith, limitGoal } from './report/goals.js';
import { benchOptions } from './report/options.js';
import { acrossRounds, inRounds } from './report/rounds.js';
import { surroundings } from './report/surroundings.js';
import { shown, tableOf } from './report/table.js';
import { Setting, type ServerUnderTest } from './setting.js';

const COUNT = 256;
const UPSTREAM_MILLISECONDS = 20;

const { isShort, profileTo } = benchOptions();
const ROUNDS = isShort ? 2 : 15;

type Figure = Outcome & { readonly calls: number };

process.stdout.write(surroundings());
await Setting.during({ rememberedRequests: 10_000, profileTo }, async (setting) => {
  const serve = (enabled: boolean): Promise<ServerUnderTest> =>
    setting.serve('adapter', {
      listeners: { legacy: { maxConcurrentRequests: '1000', maxWaitMilliseconds: '60000' } },
      upstream: { coalescing: { enabled: String(enabled) } },
    });
  const servers = [
    ['each alone', await serve(false)],
    ['coalescing', await serve(true)],
  ] as const;
  const burst = { kind: 'burst', count: COUNT } as const;
  for (const [, server] of servers) {
    for (let time = 0; time < 3; time += 1) await setting.run(server, burst);
  }
  await setting.delay(UPSTREAM_MILLISECONDS);
  const contenders = new Map(
    servers.map(([name, server]) => [
      name,
      async (): Promise<Figure> => {
        await setting.calls();
        const outcome = await setting.run(server, burst);
        return { ...outcome, calls: (await setting.calls()).persontjenesten };
      },
    ]),
  );
  const rounds = await inRounds(contenders, ROUNDS);

  const figures = (name: string): readonly Figure[] => rounds.flatMap((round) => round.get(name) ?? []);
  const rows = servers.map(([name]) => [
    name,
    shown(medianOf(figures(name).map(({ calls }) => calls)), 0),
    String(Math.max(...figures(name).map(({ calls }) => calls))),
    ...(['p50', 'p95', 'max'] as const).map((kind) =>
      shown(medianOf(figures(name).map(({ latency }) => latency[kind] ?? NaN))),
    ),
  ]);
  process.stdout.write(`\n${tableOf([['', 'calls', 'most calls', 'p50 ms', 'p95 ms', 'last ms'], ...rows])}`);
  const p50 = acrossRounds(
    rounds,
    (at) => (at('coalescing').latency.p50 ?? NaN) / (at('each alone').latency.p50 ?? NaN),
  );
  const wrong = rounds
    .flatMap((round) => [...round.values()])
    .reduce((sum, { asked, right }) => sum + asked - right, 0);
  concludeWith([
    limitGoal(
      'upstream calls for 256 lookups, the most in any round',
      Math.max(...figures('coalescing').map(({ calls }) => calls)),
      'at most',
      6,
    ),
    limitGoal('p50, coalescing : each alone', p50.median, 'at most', 1),
    limitGoal('wrong answers', wrong, 'at most', 0),
  ]);
});
