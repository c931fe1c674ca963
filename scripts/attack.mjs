/** Attacks an adapter, after installing and building what is missing: `npm run attack`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root, run } from './prepare.mjs';

await run(async () => {
  prepare({ tests: true });
  await import(pathToFileURL(join(root, 'dist', 'attack', 'attack.js')).href);
});
