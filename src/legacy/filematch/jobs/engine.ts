import type { LegacyClient } from '../../../access/legacy-client.js';
import type { ClientSettings, FilematchSettings } from '../../../config/schema.js';
import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';
import type { Matcher, Told } from '../matching/matcher.js';
import type { Delivery } from './delivery.js';
import type { FileForms } from './file-forms.js';
import type { FilematchJobs } from './filematch-jobs.js';
import type { JobRows } from './job-rows.js';
import type { Politeness } from './politeness.js';
import type { Spool } from './spool.js';

/** What the engine is made of. */
export interface FilematchJobsParts {
  readonly settings: EngineSettings;
  /** Those that are switched on and may speak Filematch, by id. Jobs of others wait, and give up in the end. */
  readonly clients: ReadonlyMap<string, FilematchClient>;
  readonly forms: FileForms;
  readonly matcher: Matcher;
  readonly told: Told;
  readonly rows: JobRows;
  readonly spool: Spool;
  readonly delivery: Delivery;
  readonly politeness: Politeness;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

/** The settings that the engine goes by. */
export type EngineSettings = Pick<
  FilematchSettings,
  | 'rowsPerBatch'
  | 'maxConcurrentBatches'
  | 'rowsPerSecond'
  | 'window'
  | 'maxFileBytes'
  | 'patienceHours'
  | 'keepInput'
  | 'retentionDays'
> & {
  /** `listeners.legacy.requestDeadlineSeconds`; a batch has several times that. */
  readonly requestDeadlineSeconds: number;
};

/** A client, and what its settings say of its files. */
export interface FilematchClient {
  readonly client: LegacyClient;
  readonly settings: Pick<ClientSettings['filematch'], 'layouts' | 'weakMatches'>;
}

/** The engine behind all doors. Nothing is worked on before `run` or `finish`. */
export function createFilematchJobs(parts: FilematchJobsParts): FilematchJobs {
  void parts;
  throw new Error('to come');
}
