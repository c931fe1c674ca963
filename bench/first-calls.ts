/**
 * What 500 first calls in parallel cost (measurement 1): an adapter that has just started asks HelseID for one token.
 */
import { concludeWith, limitGoal } from './report/goals.js';
import { benchOptions } from './report/options.js';
import { Setting } from './setting.js';

const COUNT = 500;

const { profileTo } = benchOptions();
await Setting.during({ rememberedRequests: 10_000, profileTo }, async (setting) => {
  const adapter = await setting.serve('adapter', {
    listeners: { legacy: { maxConcurrentRequests: String(2 * COUNT) } },
  });
  const { right, asked, seconds, wrong } = await setting.run(adapter, { kind: 'burst', count: COUNT });
  const { tokens, persontjenesten } = await setting.calls();
  process.stdout.write(
    `${asked} lookups, ${persontjenesten} calls of Persontjenesten, ${seconds.toFixed(1)} s. ${JSON.stringify(wrong)}\n`,
  );
  concludeWith([
    limitGoal('tokens asked for', tokens, 'at most', 1),
    limitGoal('right answers', right, 'at least', COUNT),
  ]);
});
