/**
 * What an upstream that takes two seconds for a call does to the adapter (measurement 3): 500 lookups wait all the time, health is
 * asked for besides, and then the upstream is quick again.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { percentilesOf } from './load/percentiles.js';
import { concludeWith, limitGoal } from './report/goals.js';
import { benchOptions } from './report/options.js';
import { surroundings } from './report/surroundings.js';
import { Setting, type ServerUnderTest } from './setting.js';

const WAITING = 500;
const SLOW_MILLISECONDS = 2_000;
/** `upstream.breaker.openSeconds` as it is by default. */
const BREAKER_PERIOD_SECONDS = 10;
/** `node --max-old-space-size`: without it, Node.js leaves garbage lie as long as the machine has memory. */
const HEAP_MEGABYTES = 128;
const MEGABYTE = 1024 * 1024;

const { isShort, profileTo } = benchOptions();
const MILLISECONDS = isShort ? 8_000 : 60_000;

process.stdout.write(surroundings());
await Setting.during({ profileTo }, async (setting) => {
  const adapter = await setting.serve(
    'adapter',
    // The default turns away whoever comes as the 201st, with 503 and Retry-After.
    { listeners: { legacy: { maxConcurrentRequests: '1000', maxWaitMilliseconds: '60000' } } },
    { heapMegabytes: HEAP_MEGABYTES },
  );
  await setting.warm(adapter, isShort ? 500 : 8_000);
  // Connections of clients are open long before: what their handshakes cost is another matter.
  await setting.run(adapter, { kind: 'closed', concurrency: WAITING, milliseconds: 5_000 });
  const usual = await setting.run(adapter, { kind: 'closed', concurrency: 1, milliseconds: 2_000 });
  await setting.delay(SLOW_MILLISECONDS);
  const watching = new AbortController();
  const watched = watch(adapter, watching.signal);
  const slow = await setting.run(adapter, {
    kind: 'closed',
    concurrency: WAITING,
    milliseconds: MILLISECONDS,
    spreadMilliseconds: SLOW_MILLISECONDS,
  });
  watching.abort();
  const { rssBytes, healthMilliseconds, unhealthy } = await watched;
  const health = percentilesOf(healthMilliseconds);
  await setting.delay(0);
  const recovery = await secondsUntilUsual(setting, adapter, usual.latency.p95 ?? NaN);

  process.stdout.write(
    `${slow.right} of ${slow.asked} lookups answered in ${slow.seconds.toFixed(0)} s, half of them within ` +
      `${((slow.latency.p50 ?? NaN) / 1000).toFixed(1)} s; others: ${JSON.stringify(slow.wrong)}. ${healthMilliseconds.length} probes of health, ` +
      `half of them within ${health.p50.toFixed(1)} ms, 99 % within ${health.p99.toFixed(1)} ms; ${unhealthy} not ready.\n`,
  );
  concludeWith([
    limitGoal('most memory (RSS)', rssBytes / MEGABYTE, 'at most', 256, 'MB'),
    limitGoal('slowest answer of /health/live', health.max, 'at most', 50, 'ms'),
    limitGoal('until lookups are as quick as before', recovery, 'at most', BREAKER_PERIOD_SECONDS, 's'),
    limitGoal('answers about somebody else', crossed(slow.wrong), 'at most', 0),
  ]);
});

interface Watched {
  /** The most there was. */
  rssBytes: number;
  /** How long each probe took. */
  readonly healthMilliseconds: number[];
  unhealthy: number;
}

/** Asks for health some ten times a second. */
async function watch(server: ServerUnderTest, signal: AbortSignal): Promise<Watched> {
  const watched: Watched = { rssBytes: 0, healthMilliseconds: [], unhealthy: 0 };
  const base = `http://127.0.0.1:${server.operationsPort ?? 0}/health`;
  while (!signal.aborted) {
    const startedAt = performance.now();
    await (await fetch(`${base}/live`)).text();
    watched.healthMilliseconds.push(performance.now() - startedAt);
    const ready = await fetch(`${base}/ready`);
    await ready.text();
    watched.unhealthy += ready.ok ? 0 : 1;
    watched.rssBytes = Math.max(watched.rssBytes, (await server.process.usage()).rssBytes);
    await wait(100);
  }
  return watched;
}

/** Seconds until a second of lookups has gone as it did before: all right, and at most twice as slow. */
async function secondsUntilUsual(
  setting: Setting,
  server: ServerUnderTest,
  usualMilliseconds: number,
): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const begun = performance.now();
    const second = await setting.run(server, { kind: 'closed', concurrency: 1, milliseconds: 1_000 });
    if (second.asked === second.right && (second.latency.p95 ?? NaN) <= 2 * usualMilliseconds) {
      return (begun - startedAt) / 1000;
    }
    if (begun - startedAt > 120_000) return NaN;
  }
}

function crossed(wrong: Readonly<Record<string, number>>): number {
  return (wrong['another person'] ?? 0) + (wrong['another message'] ?? 0) + (wrong['somebody'] ?? 0);
}
