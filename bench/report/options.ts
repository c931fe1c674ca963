import { parseArgs } from 'node:util';

/** What may be said after the name of a measurement. */
export interface BenchOptions {
  /** A quick look: everything is done, but too briefly for its figures to count. */
  readonly isShort: boolean;
  /** A folder for profiles of processor time of the servers under test. */
  readonly profileTo: string | undefined;
}

/** Reads `--short` and `--profile <folder>`. @throws TypeError for anything else */
export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    options: { short: { type: 'boolean', default: false }, profile: { type: 'string' } },
  });
  return { isShort: values.short, profileTo: values.profile };
}
