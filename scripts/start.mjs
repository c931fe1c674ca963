/** `npm start`: the adapter on its sandbox. Arguments after `--` go to `preg-adapter start`. */
import { prepare, root, run } from './prepare.mjs';

await run(async () => {
  // Relative paths in config/sandbox.yaml mean folders of the clone.
  process.chdir(root);
  prepare();
  const { main } = await import('../dist/src/cli/main.js');
  await main(['start', '--config', 'config/sandbox.yaml', ...process.argv.slice(2)]);
});
