/** Runs `preg-adapter` with the arguments given, after installing and building what is missing. */
import { prepare, root, run } from './prepare.mjs';

await run(async () => {
  // Relative paths in config/sandbox.yaml mean folders of the clone.
  process.chdir(root);
  prepare();
  const { main } = await import('../dist/src/cli/main.js');
  await main(process.argv.slice(2));
});
