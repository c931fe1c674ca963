import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';

/** The golden cases that are shipped. */
export const shippedFixtures = join(packageRoot(), 'fixtures');

/** New text for files of a case; null removes the file, a function gets the old text. */
export type FileChanges = Readonly<Record<string, string | null | ((text: string) => string)>>;

/**
 * Copies a shipped case of HL7 v3 to `<root>/hl7v3/<name>` and changes files of it.
 * @returns the folder of the copy
 */
export function copyCase(
  root: string,
  shipped: string,
  changes: FileChanges = {},
  name: string = shipped,
): string {
  const folder = join(root, 'hl7v3', name);
  cpSync(join(shippedFixtures, 'hl7v3', shipped), folder, { recursive: true });
  for (const [file, change] of Object.entries(changes)) changeFile(join(folder, file), change);
  return folder;
}

function changeFile(file: string, change: FileChanges[string]): void {
  if (change === null) rmSync(file);
  else writeFileSync(file, typeof change === 'string' ? change : change(readFileSync(file, 'utf8')));
}

/** Makes a folder with one empty file in it. */
export function folderWith(root: string, folder: string, file: string): void {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, file), '');
}
