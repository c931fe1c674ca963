import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPath } from '../../../config/problems.js';
import { packageRoot } from '../../../config/package-root.js';
import { errorCode } from '../../../errors/error-code.js';
import { layoutSchema } from './layout-schema.js';
import type { Layout } from './layout.js';

/** A layout file cannot be used. The message names the file and the places in it. */
export class InvalidLayout extends Error {
  /** @param problems each with its place in the file, as `input.detail[3].to: …` */
  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super(`The layout ${file} cannot be used: ${problems.join('; ')}.`);
    this.name = 'InvalidLayout';
  }
}

/** The layouts that come with the adapter, in config/layouts. */
export const ownLayouts = ['pfm-fixed', 'pfm-csv'] as const;

/**
 * The layouts of this installation (config/layouts) and those of further files, by name.
 * @throws InvalidLayout naming the file and the place in it
 */
export async function loadLayouts(files: readonly string[]): Promise<ReadonlyMap<string, Layout>> {
  const folder = join(packageRoot(), 'config', 'layouts');
  const layouts = new Map<string, Layout>();
  for (const file of [...ownLayouts.map((name) => join(folder, `${name}.json`)), ...files]) {
    const layout = await loadLayout(file);
    if (layouts.has(layout.name))
      throw new InvalidLayout(file, [`name: there is another layout ${layout.name}`]);
    layouts.set(layout.name, layout);
  }
  return layouts;
}

/** One layout. @throws InvalidLayout */
export async function loadLayout(file: string): Promise<Layout> {
  try {
    return parseLayout(file, await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof InvalidLayout) throw error;
    throw new InvalidLayout(file, [`it cannot be read (${errorCode(error) ?? 'unknown'})`]);
  }
}

/** Parses a layout; `file` names it in errors. @throws InvalidLayout */
export function parseLayout(file: string, json: string): Layout {
  const parsed = layoutSchema.safeParse(parsedJson(file, json));
  if (parsed.success) return parsed.data;
  throw new InvalidLayout(
    file,
    parsed.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `${formatPath(path)}: ${message}`,
    ),
  );
}

function parsedJson(file: string, json: string): unknown {
  try {
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new InvalidLayout(file, [error instanceof Error ? error.message : 'it is not JSON']);
  }
}
