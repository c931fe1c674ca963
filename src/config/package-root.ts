import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that preg-adapter is installed in: the nearest one above this module that has a package.json.
 * @throws Error when there is none, which means a broken installation.
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('preg-adapter is installed without its package.json');
    folder = parent;
  }
  return folder;
}
