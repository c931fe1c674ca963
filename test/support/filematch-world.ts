import type { LegacyClient } from '../../src/access/legacy-client.js';
import {
  createFilematchJobs,
  type EngineSettings,
  type FilematchClient,
  type FilematchJobsParts,
} from '../../src/legacy/filematch/jobs/engine.js';
import type {
  DeliveredFile,
  FilematchJobs,
  JobView,
} from '../../src/legacy/filematch/jobs/filematch-jobs.js';
import { nobodyToHeed } from '../../src/legacy/filematch/jobs/politeness.js';
import { CountedRandom } from './counted-random.js';
import { Faults } from './filematch-faults.js';
import { PlainMatcher, plainForms } from './filematch-forms.js';
import { MemoryDelivery, MemoryRows, MemorySpool } from './filematch-memory.js';
import { IdleClock } from './idle-clock.js';
import { noQuirks } from './quirks.js';
import { RecordedEvents } from './recorded-events.js';

/** Longer than any test waits. */
const LONGEST_RUN = 6 * 60 * 60_000;

/** A client of Filematch that may see everything. */
export function filematchClient(id: string, change: Partial<LegacyClient> = {}): FilematchClient {
  return {
    client: {
      id,
      protocols: new Set(['filematch']),
      organisation: { parent: '999999999', child: '888888888' },
      access: 'full',
      visible: new Set(['identity']),
      quirks: noQuirks,
      ...change,
    },
    settings: { layouts: ['plain'], weakMatches: 'mask' },
  };
}

/** Engines on a store in memory, which outlives each of them. */
export class FilematchWorld {
  readonly faults = new Faults();
  readonly rows = new MemoryRows(this.faults);
  readonly spool = new MemorySpool(this.faults);
  readonly delivery = new MemoryDelivery(this.faults);
  readonly matcher = new PlainMatcher();
  readonly events = new RecordedEvents();
  readonly clock: IdleClock;
  readonly #random = new CountedRandom();
  readonly #parts: Partial<FilematchJobsParts>;
  readonly #settings: Partial<EngineSettings>;

  constructor(
    settings: Partial<EngineSettings> = {},
    parts: Partial<FilematchJobsParts> & { readonly clock?: IdleClock } = {},
  ) {
    this.#settings = settings;
    this.#parts = parts;
    this.clock = parts.clock ?? new IdleClock();
  }

  /** An engine as a process has it that starts now. */
  engine(different: Partial<EngineSettings> = {}, parts: Partial<FilematchJobsParts> = {}): FilematchJobs {
    return createFilematchJobs({
      clients: new Map(['ward', 'lab'].map((id) => [id, filematchClient(id)])),
      forms: plainForms,
      matcher: this.matcher,
      told: ({ told }, mode) => (mode === 'E' && told.matchStatus === '40' ? null : told),
      rows: this.rows,
      spool: this.spool,
      delivery: this.delivery,
      politeness: nobodyToHeed,
      random: this.#random,
      events: this.events,
      ...this.#parts,
      ...parts,
      clock: this.clock,
      settings: {
        rowsPerBatch: 3,
        maxConcurrentBatches: 2,
        rowsPerSecond: undefined,
        window: undefined,
        maxFileBytes: 1_000_000,
        patienceHours: 2,
        keepInput: false,
        retentionDays: 14,
        requestDeadlineSeconds: 30,
        ...this.#settings,
        ...different,
      },
    });
  }

  /** Takes a file in. @throws Error when it is not accepted */
  async accept(engine: FilematchJobs, text: string, file: Partial<DeliveredFile> = {}): Promise<string> {
    const acceptance = await engine.accept(delivered(file), octets(text));
    if (acceptance.outcome !== 'accepted') throw new Error(acceptance.outcome);
    return acceptance.job.job.id;
  }

  /** Runs the engine until the condition holds, or has not come true within some hours of its time. */
  async runUntil(engine: FilematchJobs, condition: () => boolean): Promise<void> {
    const ending = new AbortController();
    const until = this.clock.now().getTime() + LONGEST_RUN;
    const look = (): void => {
      if (condition() || this.clock.now().getTime() > until) ending.abort(new Error('the process ends'));
    };
    this.clock.onMove = look;
    await engine.run(ending.signal);
    this.clock.onMove = () => undefined;
  }

  /** Runs the engine until the job is over. */
  async runToEnd(engine: FilematchJobs, id: string): Promise<JobView> {
    await this.runUntil(engine, () => this.rows.peek(id)?.over === true);
    const view = engine.job(id);
    if (view === undefined) throw new Error('no such job');
    return view;
  }

  /** The name of a delivered file without what differs between jobs, and its content without the job's id. */
  result(id: string): string | undefined {
    const [name] = [...this.delivery.files.keys()].filter((each) => each.includes(`${id}.resultat`));
    return name === undefined ? undefined : this.delivery.files.get(name)?.replaceAll(id, 'ID');
  }

  rejects(id: string): string | undefined {
    const [name] = [...this.delivery.files.keys()].filter((each) => each.includes(`${id}.avvist`));
    return name === undefined ? undefined : this.delivery.files.get(name);
  }
}

/** A file as a door hands it in. */
export function delivered(change: Partial<DeliveredFile> = {}): DeliveredFile {
  return {
    clientId: 'ward',
    door: 'folder',
    fileName: 'PFM_888888888_20250301_0001.csv',
    mode: 'V',
    customerRef: 'VASK',
    remoteAddress: '10.0.0.1',
    directory: '/srv/filematch/ward',
    forced: false,
    ...change,
  };
}

/** A text as it streams in, in chunks of any length. */
export async function* octets(text: string, chunk = 7): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let from = 0; from < all.length; from += chunk) {
    await Promise.resolve();
    yield all.subarray(from, from + chunk);
  }
}

/** A file of the plain form. */
export function plainFile(...kinds: readonly string[]): string {
  return ['TEST', ...kinds.map((kind, index) => `R${index + 1};${kind}`), ''].join('\n');
}
