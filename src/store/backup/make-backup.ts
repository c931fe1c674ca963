import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { AuditVerdict } from '../audit-verification.js';
import { DATABASE_FILE } from '../database.js';
import type { StoreKeys } from '../key-files.js';
import { IN_USE_FILE } from '../share.js';
import { SPOOL_FOLDER } from '../spool-folder.js';
import { openStore, type Store } from '../store.js';
import { settledFile, syncFolder } from './copied-file.js';
import { conditionOf, copyDatabase } from './database-copy.js';
import { MANIFEST_FILE, fingerprintsOf, type BackedUpFile, type Manifest } from './manifest.js';
import { copySpool } from './spool-copy.js';
import { UnusableBackup } from './unusable-backup.js';

/** What a backup is made of. */
export interface BackupParts {
  /** The data folder, whose store may be in use. Its schema is the one of this program. */
  readonly directory: string;
  /** Where to; nothing may be there yet. */
  readonly out: string;
  readonly keys: StoreKeys;
  /** The version of this program. */
  readonly program: string;
  /** The jobs of the copy whose files, which lie in that folder, are not all there. */
  readonly lacking: (copy: Store, spool: string) => readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}

/** What was made. */
export interface MadeBackup {
  readonly manifest: Manifest;
  readonly verdict: AuditVerdict;
  /** Jobs whose files have been gone before. */
  readonly lacking: readonly string[];
}

/** A job that ends between the copies of its row and of its files has some of them deleted; the next time it is known as over. */
const ATTEMPTS = 3;

/**
 * Copies the store while others use it: the database as of one moment, and then the files of the jobs that it knows, which only grow
 * until a job is over. The copy is opened and looked through before it counts as one.
 * @throws UnusableBackup, StoreUnavailable, what the file system throws; nothing is left then
 */
export async function makeBackup(parts: BackupParts): Promise<MadeBackup> {
  const { out, random } = parts;
  if (existsSync(out))
    throw new UnusableBackup(out, 'there is something already; name a folder that is not there yet');
  const draft = `${out}.unfinished-${random.uuid()}`;
  await mkdir(path.dirname(path.resolve(out)), { recursive: true, mode: 0o700 });
  try {
    for (let attempt = 1; ; attempt += 1) {
      await mkdir(draft, { mode: 0o700 });
      const made = await copyInto(draft, parts);
      if (made.lacking.length > 0 && attempt < ATTEMPTS) {
        await rm(draft, { recursive: true });
        continue;
      }
      await writeManifest(draft, made.manifest);
      await rename(draft, out);
      await syncFolder(path.dirname(path.resolve(out)));
      return made;
    }
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function copyInto(draft: string, parts: BackupParts): Promise<MadeBackup> {
  const { directory, keys, program, clock, random } = parts;
  const madeAt = clock.now().toISOString();
  await copyDatabase(directory, draft);
  const spooled = await copySpool(directory, draft);
  const { schema, faults } = await conditionOf(draft);
  const [fault] = faults;
  if (fault !== undefined) {
    throw new UnusableBackup(
      draft,
      `the database that was copied is damaged (${fault}); keep your last good backup`,
    );
  }
  const copy = openStore({ directory: draft, ...keys, clock, random });
  try {
    const verdict = copy.audit.verify();
    const lacking = parts.lacking(copy, path.join(draft, SPOOL_FOLDER));
    const { installation } = copy;
    copy.close();
    await rm(path.join(draft, IN_USE_FILE));
    const database: BackedUpFile = {
      name: DATABASE_FILE,
      ...(await settledFile(path.join(draft, DATABASE_FILE))),
    };
    const manifest: Manifest = {
      format: 1,
      program,
      madeAt,
      schema,
      installation,
      keys: fingerprintsOf(keys),
      audit: {
        entries: verdict.chained + verdict.beforeChain.count,
        faults: verdict.badCount,
        last: verdict.head,
      },
      files: [database, ...spooled],
    };
    return { manifest, verdict, lacking };
  } finally {
    copy.close();
  }
}

async function writeManifest(draft: string, manifest: Manifest): Promise<void> {
  const file = await open(path.join(draft, MANIFEST_FILE), 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(manifest, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  if (existsSync(path.join(draft, SPOOL_FOLDER))) await syncFolder(path.join(draft, SPOOL_FOLDER));
  await syncFolder(draft);
}
