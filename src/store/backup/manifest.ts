import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { errorCode } from '../../errors/error-code.js';
import type { StoreKeys } from '../key-files.js';
import { DATABASE_FILE } from '../database.js';
import { SPOOL_FOLDER } from '../spool-folder.js';
import { UnusableBackup } from './unusable-backup.js';

/** What a backup says of itself, in its folder. Written last: a folder without it is no backup. */
export const MANIFEST_FILE = 'manifest.json';

/** The files of a job that are worth keeping; its claim and what is known of references belong to a process. */
const fileName = z
  .string()
  .regex(
    new RegExp(
      `^(?:${DATABASE_FILE}|${SPOOL_FOLDER}/[0-7][0-9A-HJKMNP-TV-Z]{25}/(?:job|input|result|rejects))$`,
    ),
  );

const fingerprint = z.string().regex(/^[0-9a-f]{16}$/);
const count = z.int().min(0);

const form = z.strictObject({
  format: z.literal(1),
  /** The version of the program that made it. */
  program: z.string(),
  madeAt: z.iso.datetime(),
  schema: count,
  /** Which store it is a copy of. */
  installation: z.string(),
  /** By which the keys are known that it wants; nothing can be opened with it. */
  keys: z.strictObject({
    sealing: z.array(z.strictObject({ id: z.string(), fingerprint })),
    pseudonym: fingerprint,
  }),
  audit: z.strictObject({
    entries: count,
    /** What did not fit when the backup was made. */
    faults: count,
    /** Where the chain ends. */
    last: z.strictObject({ seq: count, link: z.string() }).nullable(),
  }),
  /** With SHA-256 in hex. */
  files: z.array(
    z.strictObject({ name: fileName, octets: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});

/** What a backup says of itself. Holds nothing of a person, and no key. */
export type Manifest = z.infer<typeof form>;

/** One file of a backup. */
export type BackedUpFile = Manifest['files'][number];

/** @throws UnusableBackup */
export function readManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(path.join(folder, MANIFEST_FILE), 'utf8');
  } catch (error) {
    throw new UnusableBackup(
      folder,
      `its ${MANIFEST_FILE} cannot be read (${errorCode(error) ?? 'unknown'})`,
      error,
    );
  }
  const read = form.safeParse(parsed(text));
  if (!read.success)
    throw new UnusableBackup(folder, `its ${MANIFEST_FILE} is not one of a backup that this program knows`);
  const names = new Set(read.data.files.map(({ name }) => name));
  if (!names.has(DATABASE_FILE) || names.size !== read.data.files.length) {
    throw new UnusableBackup(folder, `its ${MANIFEST_FILE} names no database, or a file twice`);
  }
  return read.data;
}

/** How the keys are known in a manifest. */
export function fingerprintsOf({ sealingKeys, pseudonymKey }: StoreKeys): Manifest['keys'] {
  return {
    sealing: sealingKeys.map(({ id, key }) => ({ id, fingerprint: fingerprintOf(key) })),
    pseudonym: fingerprintOf(pseudonymKey),
  };
}

/** Nothing that the key is used for anywhere else gives the same. */
function fingerprintOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('preg-adapter backup').digest('hex').slice(0, 16);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
