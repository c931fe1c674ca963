import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load.js';
import { packageRoot } from '../../src/config/package-root.js';
import type { Configuration } from '../../src/config/schema.js';
import { systemClock } from '../../src/runtime/system-clock.js';

/** The settings of config/sandbox.yaml, with those of an environment over them. */
export function sandboxConfiguration(environment: Readonly<Record<string, string>> = {}): Configuration {
  return loadConfiguration({
    file: join(packageRoot(), 'config', 'sandbox.yaml'),
    clock: systemClock,
    environment,
  });
}
