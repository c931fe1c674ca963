/**
 * How long the sandbox takes to load 200 000 people and to be ready, and what memory it takes.
 */
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { packageRoot } from '../src/config/package-root.js';
import { systemClock } from '../src/runtime/system-clock.js';
import { systemRandom } from '../src/runtime/system-random.js';
import { startSandbox } from '../src/sandbox/sandbox.js';
import { concludeWith, limitGoal } from './report/goals.js';
import { surroundings } from './report/surroundings.js';

const PEOPLE = 200_000;

process.stdout.write(surroundings());
const startedAt = performance.now();
const sandbox = await startSandbox({
  clock: systemClock,
  random: systemRandom,
  host: '127.0.0.1',
  persontjenestenPort: 0,
  helseidPort: 0,
  population: PEOPLE,
  personFolders: [join(packageRoot(), 'fixtures', 'persons')],
});
const seconds = (performance.now() - startedAt) / 1000;
const { rss } = process.memoryUsage();
process.stdout.write(`${sandbox.population.size} people, ${(rss / 1024 / 1024).toFixed(0)} MB.\n`);
await sandbox.stop();
concludeWith([limitGoal('until the sandbox is ready', seconds, 'at most', 15, 's')]);
