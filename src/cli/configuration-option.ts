import { join, relative } from 'node:path';
import { Option } from 'commander';
import { packageRoot } from '../config/package-root.js';

/** `--config FILE`, the same for every command that reads the configuration. */
export function configurationOption(): Option {
  return new Option('-c, --config <file>', 'the configuration, in YAML').default(
    defaultConfigurationFile(),
    'config/sandbox.yaml of this installation',
  );
}

/** The sandbox's configuration, named from the working directory where that is shorter. */
export function defaultConfigurationFile(): string {
  const file = join(packageRoot(), 'config', 'sandbox.yaml');
  const fromHere = relative(process.cwd(), file);
  return fromHere.startsWith('..') ? file : fromHere;
}
