/**
 * Three times as much as the adapter can do, for a minute (QUALITY 64): how much of what it can do it still does, how quickly it refuses the
 * rest, what that costs, and how soon it is as quick as before.
 */
import { performance } from 'node:perf_hooks';
import type { StormOutcome } from './load/storm.js';
import { concludeWith, limitGoal } from './report/goals.js';
import { benchOptions } from './report/options.js';
import { surroundings } from './report/surroundings.js';
import { shown, tableOf } from './report/table.js';
import { Setting, type ServerUnderTest } from './setting.js';

const { isShort, profileTo } = benchOptions();
const TIMES = 3;
const MILLISECONDS = isShort ? 8_000 : 60_000;
const CAPACITY_MILLISECONDS = isShort ? 3_000 : 10_000;
const WARM_UP_MILLISECONDS = isShort ? 3_000 : 30_000;
/** As many as are answered within a quarter of a second, and some more. */
const CONNECTIONS = 600;
/** As many at a time as give the most answers a second. */
const COMPANY = 64;
const RECOVERY_SECONDS = 2;

process.stdout.write(surroundings());
await Setting.during({ isBare: true, profileTo }, async (setting) => {
  const adapter = await setting.serve('adapter');
  await closed(setting, adapter, COMPANY, WARM_UP_MILLISECONDS);
  const usual = await closed(setting, adapter, 4, CAPACITY_MILLISECONDS / 4);
  // Before and after, so that what else the machine does meanwhile is seen.
  const before = await costed(adapter, () => closed(setting, adapter, COMPANY, CAPACITY_MILLISECONDS));
  const capacity = before.outcome.right / before.outcome.seconds;
  const storm = await costed(adapter, () =>
    setting.storm(adapter, {
      connections: CONNECTIONS,
      load: { kind: 'open', perSecond: TIMES * capacity, milliseconds: MILLISECONDS, seed: 1 },
    }),
  );
  const recovery = await secondsUntilUsual(setting, adapter, usual.answers.p95 ?? NaN);
  const after = await costed(adapter, () => closed(setting, adapter, COMPANY, CAPACITY_MILLISECONDS));

  const { outcome } = storm;
  const goodput = outcome.right / outcome.seconds;
  const costOfAnswer =
    (before.cpuMilliseconds / before.outcome.right + after.cpuMilliseconds / after.outcome.right) / 2;
  const costOfRefusal = (storm.cpuMilliseconds - outcome.right * costOfAnswer) / outcome.refused;
  const row = (name: string, { outcome: of, cpuMilliseconds }: Costed): readonly string[] => [
    name,
    shown(of.right / of.seconds, 0),
    shown(of.refused / of.seconds, 0),
    shown(of.answers.p50),
    shown(of.answers.p99),
    shown(of.refusals.p50),
    shown(of.refusals.p99),
    shown(of.refusals.max),
    shown(cpuMilliseconds / 1_000 / of.seconds, 2),
  ];
  process.stdout.write(
    `\n${tableOf([
      ['', 'answers/s', 'refusals/s', 'answer p50', 'p99', 'refusal p50', 'p99', 'max', 'of a core'],
      row(`${COMPANY} at a time, before`, before),
      row(`${TIMES} times as much`, storm),
      row(`${COMPANY} at a time, after`, after),
    ])}`,
  );
  process.stdout.write(
    `\nProcessor time: ${shown(costOfAnswer, 2)} ms for an answer, ${shown(costOfRefusal, 3)} ms for a refusal beside them. ` +
      `The generator was ${shown(outcome.lateness.p50)} ms late for half, ${shown(outcome.lateness.p99)} ms for 1 %. ` +
      `Answers in each second: ${outcome.rightBySecond.join(' ')}.\n`,
  );
  const { 'no connection left': unsent = 0, ...wrong } = outcome.wrong;
  const lost = Object.values(wrong).reduce((sum, count) => sum + count, 0);
  process.stdout.write(
    `${outcome.asked} questions: ${outcome.right} answered, ${outcome.refused} refused, ${unsent} not sent for want of a connection, others ${JSON.stringify(wrong)}.\n`,
  );
  concludeWith([
    limitGoal('answers a second : what it can do', goodput / capacity, 'at least', 0.8),
    limitGoal('99 % of refusals', outcome.refusals.p99 ?? NaN, 'at most', 50, 'ms'),
    limitGoal('neither answered nor refused', lost, 'at most', 0),
    limitGoal('not asked for want of a connection', unsent / outcome.asked, 'at most', 0.01),
    limitGoal('until answers are as quick as before', recovery, 'at most', RECOVERY_SECONDS, 's'),
  ]);
});

interface Costed {
  readonly outcome: StormOutcome;
  readonly cpuMilliseconds: number;
}

async function costed(
  { process: server }: ServerUnderTest,
  run: () => Promise<StormOutcome>,
): Promise<Costed> {
  const before = await server.usage();
  const outcome = await run();
  const after = await server.usage();
  return { outcome, cpuMilliseconds: after.cpuMilliseconds - before.cpuMilliseconds };
}

function closed(
  setting: Setting,
  adapter: ServerUnderTest,
  concurrency: number,
  milliseconds: number,
): Promise<StormOutcome> {
  return setting.storm(adapter, {
    connections: CONNECTIONS,
    load: { kind: 'closed', concurrency, milliseconds },
  });
}

/** Seconds until a quarter of a second of lookups has gone as before the storm: none refused, and at most twice as slow. */
async function secondsUntilUsual(
  setting: Setting,
  adapter: ServerUnderTest,
  usualMilliseconds: number,
): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const begun = performance.now();
    const { asked, right, answers } = await closed(setting, adapter, 4, 250);
    if (asked === right && (answers.p95 ?? NaN) <= 2 * usualMilliseconds) return (begun - startedAt) / 1_000;
    if (begun - startedAt > 60_000) return NaN;
  }
}
