/**
 * The adapter as `preg-adapter start` runs it, on an upstream in another process. Its log goes to a file.
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { serveAdapter, type RunningAdapter } from '../../src/cli/adapter-process.js';
import { completeConfiguration } from '../../src/config/adapter-configuration.js';
import { loadConfiguration } from '../../src/config/load.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { writeConfiguration } from './adapter-configuration.js';
import { takeCommands } from './commands.js';
import { serverStartForm } from './running-upstream.js';

let adapter: RunningAdapter | undefined;

takeCommands(
  {
    start: async (payload) => {
      const start = serverStartForm.parse(payload);
      const file = await writeConfiguration(start);
      adapter = await serveAdapter({
        configuration: completeConfiguration(
          loadConfiguration({ file, environment: {}, clock: systemClock }),
        ),
        clock: systemClock,
        random: systemRandom,
        log: createWriteStream(join(start.directory, 'log.jsonl')),
      });
      return { port: adapter.legacy.port, operationsPort: adapter.operations.port };
    },
  },
  async () => {
    await adapter?.stop();
  },
);
