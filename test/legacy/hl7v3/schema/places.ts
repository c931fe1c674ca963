import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../../../', import.meta.url);

/** The type table that the adapter ships. */
export const typeTablePath = fileURLToPath(new URL('mappings/hl7v3/types.yaml', root));

/** A file of the contracts folder, which stands beside the repository on some machines only. */
export function contractFile(path: string): string | undefined {
  const file = fileURLToPath(new URL(`../shared/contracts/${path}`, root));
  return existsSync(file) ? file : undefined;
}

/** Whether a program can be run here. */
export function canRun(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
