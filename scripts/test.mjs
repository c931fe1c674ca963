/**
 * `npm test`: installs what is missing, compiles, runs the suite. `--long` runs fuzzing and soaks at full counts;
 * all other arguments go to mocha (`npm test -- --grep 'XML reader'`).
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { prepare, root, run } from './prepare.mjs';

const long = process.argv.includes('--long');
const others = process.argv.slice(2).filter((argument) => argument !== '--long');
// Soaks measure memory and want their process to themselves.
const jobs = long ? [] : ['--parallel', '--jobs', String(Math.min(4, availableParallelism()))];

await run(() => {
  prepare({ tests: true });
  const result = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'),
      ...['--timeout', long ? '600000' : '20000'],
      ...['--reporter', join(root, 'scripts', 'counting-reporter.cjs')],
      ...['--require', join(root, 'dist', 'test', 'support', 'full-counts.js')],
      ...jobs,
      ...others,
      'dist/test/**/*.test.js',
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...(long ? { PREG_ADAPTER_LONG_TESTS: '1' } : {}) },
    },
  );
  process.exitCode = result.status ?? 1;
});
