import type { Layout } from './layout.js';

/**
 * The layouts of this installation (config/layouts) and those of further files, by name.
 * @throws InvalidLayout naming the file and the place in it
 */
export function loadLayouts(files: readonly string[]): Promise<ReadonlyMap<string, Layout>> {
  return Promise.reject(new Error(`not yet: ${files.length}`));
}
