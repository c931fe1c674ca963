import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../errors/error-code.js';
import { SPOOL_FOLDER } from '../spool-folder.js';
import { copyDurably, syncFolder } from './copied-file.js';
import type { BackedUpFile } from './manifest.js';

/** Those that a job cannot go on without, and the mark of its folder. */
const files = ['job', 'input', 'result', 'rejects'] as const;

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/**
 * Copies the sealed files of Filematch jobs as they are, which may be more than counts of them. What is deleted meanwhile is left out.
 * @param to the folder of the copy, without files of jobs yet
 * @throws what the file system throws
 */
export async function copySpool(directory: string, to: string): Promise<readonly BackedUpFile[]> {
  const copied: BackedUpFile[] = [];
  for (const job of await jobsIn(path.join(directory, SPOOL_FOLDER))) {
    const target = path.join(to, SPOOL_FOLDER, job);
    await mkdir(target, { recursive: true, mode: 0o700 });
    for (const file of files) {
      const digest = await unlessGone(() =>
        copyDurably(path.join(directory, SPOOL_FOLDER, job, file), path.join(target, file)),
      );
      if (digest !== undefined) copied.push({ name: `${SPOOL_FOLDER}/${job}/${file}`, ...digest });
    }
    await syncFolder(target);
  }
  return copied;
}

async function jobsIn(spool: string): Promise<readonly string[]> {
  return ((await unlessGone(() => readdir(spool))) ?? []).filter((name) => ULID.test(name)).sort();
}

async function unlessGone<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
