/** Runs a measurement of bench/ by name, after installing and building what is missing: `npm run bench login-timing`. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PreparationFailed, prepare, root, run } from './prepare.mjs';

await run(async () => {
  prepare({ tests: true });
  const [name = ''] = process.argv.splice(2, 1);
  const file = join(root, 'dist', 'bench', `${name}.js`);
  if (!/^[a-z-]+$/.test(name) || !existsSync(file)) {
    const names = readdirSync(join(root, 'bench')).map((each) => each.replace(/\.ts$/, ''));
    throw new PreparationFailed(`Which measurement? There are: ${names.join(', ')}`);
  }
  await import(pathToFileURL(file).href);
});
