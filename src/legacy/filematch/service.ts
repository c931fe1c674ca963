import type { Authenticator } from '../../access/authenticator.js';
import type { LegacyClient } from '../../access/legacy-client.js';
import { mayAskBy } from '../../access/permission.js';
import type { RateLimits } from '../../access/rate-limits.js';
import type { ClientSettings, FilematchSettings } from '../../config/schema.js';
import type { AuditTrail } from '../../operations/audit-trail.js';
import type { EventSink } from '../../operations/events.js';
import type { PersonRegistry } from '../../registry/person-registry.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { StreamingDoor } from '../http.js';
import { createDropFolders, type DropFolders } from './folder/drop-folders.js';
import { createFolderDelivery } from './folder/job-files.js';
import { createFilematchDoor } from './http/filematch-door.js';
import { createFilematchJobs } from './jobs/engine.js';
import type { FilematchJobs } from './jobs/filematch-jobs.js';
import type { JobRows } from './jobs/job-rows.js';
import type { Politeness } from './jobs/politeness.js';
import type { Spool } from './jobs/spool.js';
import { formsOfLayouts } from './layout/forms-of-layouts.js';
import type { Layout } from './layout/layout.js';
import { createMatcher } from './matching/create-matcher.js';
import type { FilematchTables } from './matching/person-fields.js';
import { tellIn } from './matching/told.js';
import type { FilematchTexts } from './writing/filematch-texts.js';

/** What Filematch is made of. */
export interface FilematchParts {
  readonly settings: FilematchSettings;
  /** `listeners.legacy.requestDeadlineSeconds`. */
  readonly requestDeadlineSeconds: number;
  /** Those that are switched on and may speak Filematch, by id, as they are now. One whose settings have changed is another object. */
  readonly clients: () => ReadonlyMap<string, FilematchClientParts>;
  /** Whose drop folders are looked into while they are among `clients`. */
  readonly folders: readonly DropFolderSettings[];
  readonly layouts: ReadonlyMap<string, Layout>;
  readonly texts: FilematchTexts;
  readonly tables: FilematchTables;
  readonly registry: PersonRegistry;
  readonly authenticator: Authenticator;
  readonly rates: RateLimits;
  /** For what is asked over HTTP; rows are audited with the jobs. */
  readonly audit: AuditTrail;
  readonly rows: JobRows;
  readonly spool: Spool;
  /** The name of the store that both are in: 1 to 16 of `a-z0-9`. */
  readonly installation: string;
  readonly politeness: Politeness;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

/** A client, and its settings of Filematch. */
export interface FilematchClientParts {
  readonly client: LegacyClient;
  readonly settings: ClientSettings['filematch'];
}

/** A client with a drop folder. */
export interface DropFolderSettings {
  readonly clientId: string;
  readonly settings: ClientSettings['filematch'];
}

/** The engine and its doors. Nothing is touched before one of them is run. */
export interface Filematch {
  readonly jobs: FilematchJobs;
  readonly folders: DropFolders;
  /** Open while some client may bring files. */
  readonly door: StreamingDoor;
}

/** Puts Filematch together. @throws Error when a code table is missing */
export function createFilematch(parts: FilematchParts): Filematch {
  const { settings, clients, layouts, rows, spool, clock, random, events } = parts;
  const delivery = createFolderDelivery();
  const jobs = createFilematchJobs({
    settings: { ...settings, requestDeadlineSeconds: parts.requestDeadlineSeconds },
    clients: {
      get: (id) => clients().get(id),
      has: (id) => clients().has(id),
      keys: () => clients().keys(),
    },
    forms: formsOfLayouts(layouts, parts.texts),
    matcher: createMatcher({ ...parts.tables, registry: parts.registry, settings }),
    told: tellIn,
    rows,
    spool,
    delivery,
    politeness: parts.politeness,
    clock,
    random,
    events,
  });
  const folders = createDropFolders({
    clients: parts.folders.flatMap(({ clientId, settings: { folder, ready, mode, layouts: names } }) =>
      folder === undefined
        ? []
        : [{ clientId, folder, ready, mode, extensions: extensionsOf(names, layouts) }],
    ),
    mayBring: (clientId) => {
      const known = clients().get(clientId);
      return known !== undefined && mayAskBy(known.client, 'upload');
    },
    pollSeconds: settings.pollSeconds,
    jobs,
    delivery,
    installation: parts.installation,
    retentionDays: settings.retentionDays,
    clock,
    random,
    events,
  });
  return { jobs, folders, door: { ...doorOf(parts, jobs), isOpen: () => clients().size > 0 } };
}

function doorOf({ clients, settings, ...parts }: FilematchParts, jobs: FilematchJobs): StreamingDoor {
  return createFilematchDoor({
    authenticator: parts.authenticator,
    rates: parts.rates,
    audit: parts.audit,
    events: parts.events,
    clock: parts.clock,
    random: parts.random,
    jobs,
    maxFileBytes: settings.maxFileBytes,
    // A client that may not bring files is refused before.
    modeOf: ({ id }) => clients().get(id)?.settings.mode ?? 'V',
  });
}

function extensionsOf(names: readonly string[], layouts: ReadonlyMap<string, Layout>): readonly string[] {
  return [...new Set(names.flatMap((name) => layouts.get(name)?.extension ?? []))];
}
