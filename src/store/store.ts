import { statSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import type { ClientSecrets } from '../access/client-secrets.js';
import type { ContextSeal } from '../access/context-seal.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import { AuditRepository, type PurposeOf } from './audit-repository.js';
import { StoredChangeLog } from './change-log-repository.js';
import { createClientSecrets } from './client-secrets.js';
import { StoredComparisons } from './comparison-repository.js';
import { StoredContinuations } from './continuation-repository.js';
import { StoredCutoverFigures } from './cutover-figures.js';
import { ContextRepository } from './context-repository.js';
import { createContextSeal } from './context-seal.js';
import { openDatabase, openMemoryDatabase } from './database.js';
import { StoredFilematchJobs } from './filematch-job-repository.js';
import { StoredForwardedMessages } from './forwarded-message-repository.js';
import { StoredHolds } from './hold-repository.js';
import { StoredHelpNumbers } from './help-number-repository.js';
import { StoredNotifications } from './notification-repository.js';
import { NonceRepository } from './nonce-repository.js';
import { Pseudonymiser } from './pseudonymiser.js';
import { SealedFiles } from './sealed-files.js';
import { Sealer, type SealingKey } from './sealer.js';
import { shareDirectory, type Leave } from './share.js';
import { spoolFolderIn, temporarySpoolFolder, type SpoolFolder } from './spool-folder.js';
import { StoredStandingRoutes } from './standing-route-repository.js';
import { StoreUnavailable, reasonOf } from './store-errors.js';
import { StoredSubscriptions } from './subscription-repository.js';
import { StoredUsage } from './usage-repository.js';

/** What the adapter keeps between two starts. Several processes may have it open. */
export interface Store {
  readonly audit: AuditRepository;
  /** Security contexts that were cancelled or renewed. */
  readonly contexts: ContextRepository;
  /** Seals security contexts with `sealingKeys`, for clients to carry. */
  readonly contextSeal: ContextSeal;
  /** The adapter's own register of help numbers. */
  readonly helpNumbers: StoredHelpNumbers;
  /** Messages that were let through to the old register to change it. */
  readonly forwardedMessages: StoredForwardedMessages;
  /** What was read of the event feed. */
  readonly changeLog: StoredChangeLog;
  /** Nonces of password digests that were used. */
  readonly nonces: NonceRepository;
  /** Searches of HL7 v2 that may be continued. */
  readonly continuations: StoredContinuations;
  /** Opens sealed passwords of the configuration with `sealingKeys`. */
  readonly clientSecrets: ClientSecrets;
  /** The Filematch jobs, and how far each has come. */
  readonly filematchJobs: StoredFilematchJobs;
  /** The sealed files of Filematch jobs, below the data folder. */
  readonly spool: SealedFiles;
  /** Whom receivers of notifications follow. */
  readonly subscriptions: StoredSubscriptions;
  /** What is to be sent to them, and what could not be. */
  readonly notifications: StoredNotifications;
  /** Routes to the registers that were set while the adapter ran. */
  readonly standingRoutes: StoredStandingRoutes;
  /** Where the guard of the cutover sets routes. */
  readonly holds: StoredHolds;
  /** What came of asking both registers. */
  readonly comparisons: StoredComparisons;
  /** Who uses what of the register. */
  readonly usage: StoredUsage;
  /** Keyed, so that nobody can choose among which of a hundred people somebody is. */
  readonly cutoverDigest: (text: string) => Uint8Array;
  /** What is known of the cutover, added up. */
  readonly cutoverFigures: StoredCutoverFigures;
  /** Drawn when the store was made, the same for all who have it open: 16 characters of 0-9a-f. */
  readonly installation: string;
  /** Tries a durable write. @returns in plain words why it failed; undefined when the store takes writes */
  writeTrouble(): string | undefined;
  /** Lets go of the files. A second call does nothing; what is asked of the store afterwards fails. */
  close(): void;
}

/** What a store is made of. */
export interface StoreOptions {
  /** `data.directory`; made when missing. */
  readonly directory: string;
  /** The first seals, all open. 32 octets each. */
  readonly sealingKeys: readonly SealingKey[];
  /** At least 32 octets. */
  readonly pseudonymKey: Uint8Array;
  /** What each client's audit entries say that it asks for; nothing where absent. */
  readonly purposeOf?: PurposeOf | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Opens the store, making it where there is none.
 * @throws StoreUnavailable for a folder or database that cannot be used, SchemaTooNew, UnusableKey
 */
export function openStore({ directory, ...options }: StoreOptions): Store {
  const protection = protectionOf(options);
  const leave = shareDirectory(directory);
  try {
    const database = openDatabase(directory);
    return storeOn(database, { ...options, ...protection }, directory, {
      spoolFolder: spoolFolderIn(directory),
      assertInPlace: watchFile(directory, database.name),
      leave,
    });
  } catch (error) {
    leave();
    throw error;
  }
}

/**
 * A store that is gone when it is closed, for what has to run on nothing but itself. Files of Filematch jobs, if there are any,
 * lie among the system's temporary files.
 * @throws UnusableKey
 */
export function openMemoryStore(options: Omit<StoreOptions, 'directory'>): Store {
  const protection = protectionOf(options);
  return storeOn(openMemoryDatabase(), { ...options, ...protection }, 'in memory', {
    spoolFolder: temporarySpoolFolder(),
    assertInPlace: () => undefined,
    leave: () => undefined,
  });
}

/** How what is stored is protected. */
interface Protection {
  readonly sealer: Sealer;
  readonly pseudonymiser: Pseudonymiser;
  readonly clientSecrets: ClientSecrets;
}

/** Made before anything is opened: what throws here leaves nothing open. */
function protectionOf({
  sealingKeys,
  pseudonymKey,
  random,
}: Pick<StoreOptions, 'sealingKeys' | 'pseudonymKey' | 'random'>): Protection {
  const sealer = new Sealer(sealingKeys, random);
  return {
    sealer,
    pseudonymiser: new Pseudonymiser(pseudonymKey),
    clientSecrets: createClientSecrets(sealer, pseudonymKey),
  };
}

/** What is beside the database. */
interface Surroundings {
  readonly spoolFolder: SpoolFolder;
  /** Throws when the database file is no longer the one that its path names. */
  readonly assertInPlace: () => void;
  /** Lets go of the folder. */
  readonly leave: Leave;
}

function storeOn(
  database: BetterSqlite3.Database,
  {
    sealer,
    pseudonymiser,
    clientSecrets,
    purposeOf,
    clock,
    random,
  }: Protection & Pick<StoreOptions, 'purposeOf' | 'clock' | 'random'>,
  directory: string,
  { spoolFolder, assertInPlace, leave }: Surroundings,
): Store {
  const audit = new AuditRepository(database, sealer, pseudonymiser, assertInPlace, purposeOf);
  const contexts = new ContextRepository(database, clock, assertInPlace);
  const helpNumbers = new StoredHelpNumbers(database, sealer, pseudonymiser, assertInPlace);
  const standingRoutes = new StoredStandingRoutes({ database, assertInPlace });
  const writeProbe = database.prepare('INSERT OR REPLACE INTO probe (id, at) VALUES (1, ?)');

  const writeTrouble = (): string | undefined => {
    try {
      assertInPlace();
      writeProbe.run(clock.now().toISOString());
      return undefined;
    } catch (error) {
      if (error instanceof StoreUnavailable) return error.reason;
      return database.open ? reasonOf(error) : 'the store is closed';
    }
  };

  // A store that takes no writes is found at the start, not under the first request.
  const trouble =
    writeTrouble() ??
    (helpNumbers.hasSameKey()
      ? undefined
      : 'store.pseudonymKey is not the one that its help numbers were stored with');
  if (trouble !== undefined) {
    database.close();
    throw new StoreUnavailable(directory, trouble);
  }
  const notified = { database, sealer, pseudonymiser, clock, random, assertInPlace };
  const spool = new SealedFiles(spoolFolder, sealer, random);
  return {
    audit,
    contexts,
    contextSeal: createContextSeal(sealer),
    changeLog: new StoredChangeLog({ database, sealer, pseudonymiser, clock, assertInPlace }),
    forwardedMessages: new StoredForwardedMessages({ database, pseudonymiser, clock, assertInPlace }),
    nonces: new NonceRepository(database, clock, assertInPlace),
    continuations: new StoredContinuations({
      database,
      sealer,
      pseudonymiser,
      clock,
      random,
      assertInPlace,
    }),
    clientSecrets,
    helpNumbers,
    filematchJobs: new StoredFilematchJobs({ database, sealer, pseudonymiser, audit, assertInPlace }),
    spool,
    subscriptions: new StoredSubscriptions(notified),
    notifications: new StoredNotifications(notified),
    standingRoutes,
    holds: new StoredHolds({ database, standingRoutes, audit, assertInPlace }),
    comparisons: new StoredComparisons({ database, sealer, pseudonymiser, assertInPlace }),
    usage: new StoredUsage({ database, assertInPlace }),
    cutoverDigest: (text) => pseudonymiser.digestOf('cutover', text),
    cutoverFigures: new StoredCutoverFigures(database),
    installation: installationOf(database),
    writeTrouble,
    close: () => {
      spool.close();
      database.close();
      leave();
    },
  };
}

function installationOf(database: BetterSqlite3.Database): string {
  return z.string().parse(database.prepare('SELECT name FROM installation').pluck().get());
}

/**
 * A file that was deleted or replaced under an open connection still takes writes, which nobody would ever read.
 * @returns a check that throws StoreUnavailable once that has happened
 */
function watchFile(directory: string, file: string): () => void {
  const opened = statSync(file);
  return () => {
    const present = statSync(file, { throwIfNoEntry: false });
    if (present?.ino !== opened.ino || present.dev !== opened.dev) {
      throw new StoreUnavailable(
        directory,
        'the database file was removed or replaced while in use; restart the adapter',
      );
    }
  };
}
