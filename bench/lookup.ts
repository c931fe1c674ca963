/**
 * How many lookups a second (measurement 1 of docs/performance.md): the adapter, with and without coalescing, by UsernameToken and in secure
 * conversation, beside the floor and the peer, at 1, 16 and 64 at a time. Ratios are taken within each round.
 */
import { acrossRounds, inRounds, type Spread } from './report/rounds.js';
import { concludeWith, limitGoal } from './report/goals.js';
import { benchOptions } from './report/options.js';
import { surroundings } from './report/surroundings.js';
import { shown, tableOf } from './report/table.js';
import { Setting, type ServerUnderTest } from './setting.js';
import type { Run } from './load/run.js';

const { isShort, profileTo } = benchOptions();
const ROUNDS = isShort ? 1 : 5;
const MILLISECONDS = isShort ? 1_000 : 4_000;
const WARM_UP_ANSWERS = isShort ? 500 : 8_000;
const CONCURRENCIES = [1, 16, 64] as const;

interface Figure {
  readonly perSecond: number;
  /** Processor time of the server for each answer, all threads, in milliseconds. */
  readonly cpuPerAnswer: number;
  /** How much of one core the server used. */
  readonly busy: number;
  readonly wrong: number;
}

process.stdout.write(surroundings());
await Setting.during({ isBare: true, profileTo }, async (setting) => {
  const coalescing = (enabled: boolean): Record<string, unknown> => ({
    upstream: { coalescing: { enabled: String(enabled) } },
    // Floor and peer refuse nobody, and no more come than are answered.
    listeners: { legacy: { maxWaitMilliseconds: '60000' } },
  });
  const floor = await setting.serve('floor');
  const peer = await setting.serve('peer');
  const alone = await setting.serve('adapter', coalescing(false));
  const together = await setting.serve('adapter', coalescing(true));
  const servers: readonly (readonly [name: string, ServerUnderTest, how: Partial<Run>])[] = [
    ['floor', floor, { strictness: 'status' }],
    ['peer', peer, { strictness: 'person' }],
    ['adapter, each alone', alone, {}],
    ['adapter, each alone, in session', alone, { questions: 'session' }],
    ['adapter, coalescing', together, {}],
    ['adapter, coalescing, in session', together, { questions: 'session' }],
  ];
  for (const [, server, how] of servers) {
    await setting.warm(server, WARM_UP_ANSWERS, how);
  }

  const cell = (name: string, concurrency: number): string => `${name} × ${concurrency}`;
  const contenders = new Map(
    servers.flatMap(([name, server, how]) =>
      CONCURRENCIES.map((concurrency) => [
        cell(name, concurrency),
        (): Promise<Figure> => measure(setting, server, how, concurrency),
      ]),
    ),
  );
  const rounds = await inRounds(contenders, ROUNDS);

  const over = (figureOf: (figure: Figure) => number): string[][] =>
    servers.map(([name]) => [
      name,
      ...CONCURRENCIES.map((concurrency) =>
        shown(acrossRounds(rounds, (at) => figureOf(at(cell(name, concurrency)))).median, 2),
      ),
    ]);
  const heading = (text: string): string[] => [text, ...CONCURRENCIES.map((each) => `× ${each}`)];
  const print = (text: string, figureOf: (figure: Figure) => number): void => {
    process.stdout.write(`\n${tableOf([heading(text), ...over(figureOf)])}`);
  };
  print('answers a second', ({ perSecond }) => perSecond);
  print('milliseconds of processor time for an answer', ({ cpuPerAnswer }) => cpuPerAnswer);
  print('share of one core that the server used', ({ busy }) => busy);

  const ratio = (name: string, base: string, concurrency: number): Spread =>
    acrossRounds(
      rounds,
      (at) => at(cell(name, concurrency)).perSecond / at(cell(base, concurrency)).perSecond,
    );
  const goals = CONCURRENCIES.flatMap((concurrency) => [
    ...(
      [
        ['adapter, each alone', 'floor', 'at least', 0.6],
        // Somebody who comes alone is asked for alone: no fewer calls than the floor's.
        ...(concurrency > 1 ? [['adapter, coalescing', 'floor', 'above', 1] as const] : []),
        ['adapter, coalescing', 'peer', 'at least', 2],
        ['adapter, each alone, in session', 'adapter, each alone', 'at least', 0.8],
        ['adapter, coalescing, in session', 'adapter, coalescing', 'at least', 0.8],
      ] as const
    ).map(([name, base, comparison, limit]) => {
      const { median, lowest, highest } = ratio(name, base, concurrency);
      const what = `${name} : ${base}, × ${concurrency} (${lowest.toFixed(2)}–${highest.toFixed(2)})`;
      return limitGoal(what, median, comparison, limit);
    }),
  ]);
  const wrong = rounds.flatMap((round) => [...round.values()]).reduce((sum, figure) => sum + figure.wrong, 0);
  concludeWith([...goals, limitGoal('wrong answers', wrong, 'at most', 0)]);
});

async function measure(
  setting: Setting,
  server: ServerUnderTest,
  how: Partial<Run>,
  concurrency: number,
): Promise<Figure> {
  const before = await server.process.usage();
  const { right, asked, seconds } = await setting.run(
    server,
    { kind: 'closed', concurrency, milliseconds: MILLISECONDS },
    how,
  );
  const { cpuMilliseconds } = await server.process.usage();
  const used = cpuMilliseconds - before.cpuMilliseconds;
  return {
    perSecond: right / seconds,
    cpuPerAnswer: used / right,
    busy: used / 1000 / seconds,
    wrong: asked - right,
  };
}
