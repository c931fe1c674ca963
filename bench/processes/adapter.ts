/**
 * The adapter as `preg-adapter start` runs it, on an upstream in another process. Its log goes to a file.
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { serveAdapter, type RunningAdapter } from '../../src/cli/adapter-process.js';
import { completeConfiguration } from '../../src/config/adapter-configuration.js';
import { loadConfiguration } from '../../src/config/load.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { changeConfiguration, writeConfiguration } from './adapter-configuration.js';
import { takeCommands } from './commands.js';
import { serverStartForm } from './running-upstream.js';

let running: { readonly adapter: RunningAdapter; readonly file: string } | undefined;

takeCommands(
  {
    start: async (payload) => {
      const start = serverStartForm.parse(payload);
      const file = await writeConfiguration(start);
      const adapter = await serveAdapter({
        configuration: read(file),
        clock: systemClock,
        random: systemRandom,
        log: createWriteStream(join(start.directory, 'log.jsonl')),
      });
      running = { adapter, file };
      return { port: adapter.legacy.port, operationsPort: adapter.operations.port };
    },
    change: (payload) => {
      if (running === undefined) throw new Error('no adapter runs');
      changeConfiguration(running.file, z.record(z.string(), z.unknown()).parse(payload));
      running.adapter.reconfigure(read(running.file));
      return Promise.resolve();
    },
  },
  async () => {
    await running?.adapter.stop();
  },
);

function read(file: string): ReturnType<typeof completeConfiguration> {
  return completeConfiguration(loadConfiguration({ file, environment: {}, clock: systemClock }));
}
