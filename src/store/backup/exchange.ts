import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { DATABASE_FILE } from '../database.js';
import { OWN_FILE_PREFIX } from '../data-directory.js';
import { EXCHANGE_MARK } from '../share.js';
import { SPOOL_FOLDER } from '../spool-folder.js';
import { syncFolder } from './copied-file.js';

/** What a store is made of. The database comes last: with it the folder has a store. */
const parts = [SPOOL_FOLDER, `${DATABASE_FILE}-wal`, `${DATABASE_FILE}-shm`, DATABASE_FILE] as const;

/** Whether the folder has a store, or a part of one. */
export function hasStore(directory: string): boolean {
  return parts.some((name) => existsSync(path.join(directory, name)));
}

/** Whether an exchange in it was broken off. */
export function isBetweenStores(directory: string): boolean {
  return existsSync(path.join(directory, EXCHANGE_MARK));
}

/**
 * Puts the store of one folder in the place of that of another one, which is moved into a folder of its own beside it. While the
 * files are exchanged a mark keeps everybody from opening the store; whatever moment the process is killed at, the next exchange
 * goes on from there and loses nothing of what was there first. The caller has the folder for itself.
 * @param name of the folder for what was there
 * @returns that folder; undefined where nothing was there
 */
export async function exchangeStores(
  draft: string,
  directory: string,
  name: string,
): Promise<string | undefined> {
  const mark = path.join(directory, EXCHANGE_MARK);
  const aside = path.join(directory, isBetweenStores(directory) ? asideOf(mark, name) : name);
  await write(mark, path.basename(aside));
  await syncFolder(directory);
  await mkdir(aside, { recursive: true, mode: 0o700 });
  for (const part of parts) {
    const [place, kept] = [path.join(directory, part), path.join(aside, part)];
    if (!existsSync(place)) continue;
    // What was there first has been moved already: this came with the exchange that was broken off.
    if (existsSync(kept)) await rm(place, { recursive: true });
    else await rename(place, kept);
  }
  await syncFolder(aside);
  for (const part of parts) {
    if (existsSync(path.join(draft, part))) await rename(path.join(draft, part), path.join(directory, part));
  }
  await syncFolder(directory);
  await rm(mark);
  await rm(draft, { recursive: true });
  const isEmpty = !parts.some((part) => existsSync(path.join(aside, part)));
  if (isEmpty) await rm(aside, { recursive: true });
  await syncFolder(directory);
  return isEmpty ? undefined : aside;
}

/** The folder that the mark of a broken exchange names; another one where it was not written out. */
function asideOf(mark: string, name: string): string {
  const noted = readFileSync(mark, 'utf8').trim();
  return noted.startsWith(OWN_FILE_PREFIX) && path.basename(noted) === noted ? noted : name;
}

async function write(mark: string, text: string): Promise<void> {
  const file = await open(mark, 'w', 0o600);
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
