/** Runs a measurement of bench/ by name, after installing and building what is missing: `npm run bench lookup`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PreparationFailed, prepare, root, run } from './prepare.mjs';

const measurements = JSON.parse(readFileSync(join(root, 'bench', 'measurements.json'), 'utf8'));

await run(async () => {
  const [name] = process.argv.splice(2, 1);
  if (name === undefined) {
    console.log(list());
    return;
  }
  if (!measurements.some((each) => each.name === name)) {
    throw new PreparationFailed(`There is no measurement "${name}".\n\n${list()}`);
  }
  prepare({ tests: true });
  await import(pathToFileURL(join(root, 'dist', 'bench', `${name}.js`)).href);
});

function list() {
  const width = Math.max(...measurements.map(({ name }) => name.length));
  const lines = measurements.map(
    ({ name, what, duration }) => `  ${name.padEnd(width)}  ${what} (${duration})`,
  );
  return [
    'npm run bench <name>: exit code 1 when a goal is missed. docs/performance.md tells the method.',
    '',
    ...lines,
    '',
    'Those that start the adapter take --short, for a quick look whose figures do not count, and --profile <folder>.',
    'With npm, options come after two dashes: npm run bench lookup -- --short',
  ].join('\n');
}
