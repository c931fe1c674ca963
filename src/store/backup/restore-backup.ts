import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../../errors/error-code.js';
import type { AuditEntry } from '../../operations/audit-trail.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import { OWN_FILE_PREFIX } from '../data-directory.js';
import type { StoreKeys } from '../key-files.js';
import { migrations } from '../migrations.js';
import { IN_USE_FILE, takeDirectory } from '../share.js';
import { StoreUnavailable, reasonOf } from '../store-errors.js';
import { openStore } from '../store.js';
import { copyDurably, syncFolder } from './copied-file.js';
import { conditionOf } from './database-copy.js';
import { exchangeStores, hasStore, isBetweenStores } from './exchange.js';
import { requireNewSeries, requireNoneLost, type LaterHelpNumbers } from './later-help-numbers.js';
import { fingerprintsOf, readManifest, type Manifest } from './manifest.js';
import { UnusableBackup } from './unusable-backup.js';

/** What a backup is restored with. */
export interface RestoreParts {
  /** The folder of the backup. */
  readonly from: string;
  /** The data folder; nobody may have its store open. */
  readonly directory: string;
  /** Whether a store that is there may be moved aside. */
  readonly force: boolean;
  /** What was done about later help numbers; undefined where none are given out. */
  readonly helpNumbers?: LaterHelpNumbers | undefined;
  readonly keys: StoreKeys;
  /** What the restored store says of the restore. */
  readonly entry: AuditEntry;
  readonly clock: Clock;
  readonly random: Random;
}

/** What came of it. */
export interface RestoredBackup {
  readonly manifest: Manifest;
  /** Where the store is now that was there before. */
  readonly movedTo: string | undefined;
  /** The steps that the backup's schema was behind this program, and has taken. */
  readonly steps: readonly string[];
}

const DRAFT = `${OWN_FILE_PREFIX}restored`;

/**
 * Puts a backup in the place of the store. Everything is proven on a copy first: digests, keys, the database, its schema, and the
 * chain of the audit trail; until then nothing of what is there is touched.
 * @throws UnusableBackup, StoreUnavailable
 */
export async function restoreBackup(parts: RestoreParts): Promise<RestoredBackup> {
  const { from, directory, force, helpNumbers, clock } = parts;
  const manifest = readManifest(from);
  assertFits(from, manifest, parts.keys);
  const leave = takeDirectory(directory);
  if (leave === undefined) {
    throw new StoreUnavailable(
      directory,
      'its store is in use; stop the adapter, and whatever command works on it',
    );
  }
  try {
    if (hasStore(directory) && !force && !isBetweenStores(directory)) {
      throw new StoreUnavailable(
        directory,
        'there is a store in it; with --force it is moved into a folder beside the one that is restored',
      );
    }
    const draft = path.join(directory, DRAFT);
    try {
      await rm(draft, { recursive: true, force: true });
      await copyFrom(from, manifest, draft);
      await assertWhole(draft, manifest, parts);
      // Of an exchange that was broken off, the store of before was judged when it began.
      if (helpNumbers !== undefined && !isBetweenStores(directory)) {
        await requireNoneLost(from, directory, draft, helpNumbers);
      }
      const name = `${OWN_FILE_PREFIX}before-restore-${clock
        .now()
        .toISOString()
        .replaceAll(/[-:]|\..*/g, '')}Z`;
      const movedTo = await exchangeStores(draft, directory, name);
      return { manifest, movedTo, steps: migrations.slice(manifest.schema).map((step) => step.name) };
    } catch (error) {
      if (!isBetweenStores(directory))
        await rm(draft, { recursive: true, force: true }).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    if (error instanceof UnusableBackup || error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(directory, reasonOf(error), error);
  } finally {
    leave();
  }
}

function assertFits(from: string, { schema, keys }: Manifest, ours: StoreKeys): void {
  if (schema > migrations.length) {
    throw new UnusableBackup(
      from,
      `it has schema version ${schema} and this program knows versions up to ${migrations.length}; use the newer program`,
    );
  }
  const own = fingerprintsOf(ours);
  if (own.pseudonym !== keys.pseudonym) {
    throw new UnusableBackup(from, 'store.pseudonymKey is not the one that it was made with');
  }
  const missing = keys.sealing.filter(
    (key) => !own.sealing.some(({ id, fingerprint }) => id === key.id && fingerprint === key.fingerprint),
  );
  if (missing.length > 0) {
    const names = missing.map(({ id }) => `"${id}"`).join(', ');
    throw new UnusableBackup(from, `store.sealingKeys lacks what it was made with: ${names}`);
  }
}

async function copyFrom(from: string, { files }: Manifest, draft: string): Promise<void> {
  await mkdir(draft, { mode: 0o700 });
  for (const { name, octets, sha256 } of files) {
    const target = path.join(draft, name);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    const copied = await copyDurably(path.join(from, name), target).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
      throw new UnusableBackup(from, `${name} is missing`, error);
    });
    if (copied.octets !== octets || copied.sha256 !== sha256) {
      throw new UnusableBackup(from, `${name} is not as it was written`);
    }
  }
  for (const folder of new Set(files.map(({ name }) => path.dirname(path.join(draft, name))))) {
    await syncFolder(folder);
  }
}

async function assertWhole(draft: string, manifest: Manifest, parts: RestoreParts): Promise<void> {
  const { from, keys, entry, helpNumbers, clock, random } = parts;
  const { schema, faults } = await conditionOf(draft);
  if (schema !== manifest.schema || faults.length > 0) {
    throw new UnusableBackup(from, `its database is damaged (${faults[0] ?? `schema version ${schema}`})`);
  }
  const store = openStore({ directory: draft, ...keys, clock, random });
  try {
    const { last, faults: known } = manifest.audit;
    const { badCount, known: noted } = store.audit.verify(last ?? undefined);
    if (badCount > known || noted === 'not-found') {
      throw new UnusableBackup(from, 'its audit trail is not as it was when the backup was made');
    }
    if (helpNumbers !== undefined) requireNewSeries(from, store.helpNumbers, helpNumbers, random);
    store.audit.record([entry]);
  } finally {
    store.close();
  }
  await rm(path.join(draft, IN_USE_FILE));
}
