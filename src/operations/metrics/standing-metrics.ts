import type { Readiness } from '../health.js';
import type { Instruments } from './instruments.js';

/** How many of a hundred people take a route, for what a client asks. */
export interface RouteShare {
  readonly client: string;
  readonly protocol: string;
  /** Undefined for all that have no route of their own. */
  readonly operation: string | undefined;
  readonly route: string;
  readonly percent: number;
}

/** How things stand at the moment; each is asked for every page and may throw, which leaves its metric out. */
export interface Standing {
  readonly version: string;
  readonly readiness: () => Readiness;
  /** When certificates end, by the settings that they are from. */
  readonly certificates: () => ReadonlyMap<string, Date>;
  /** When the registration of the key for HelseID ends; undefined where nobody said. */
  readonly keyExpiresAt: () => Date | undefined;
  /** How far the log of changes is behind the event feed; undefined where nobody follows it. */
  readonly feed:
    | (() => { readonly lagSeconds: number | undefined; readonly eventsBehind: number } | undefined)
    | undefined;
  /** What each Filematch job that is not over waits for, null of one at work, and the rows it has left. */
  readonly filematch: () => readonly { readonly waitingFor: string | null; readonly rowsLeft: number }[];
  /** Undefined where nobody is told of changes. */
  readonly notifications:
    | (() => {
        readonly waiting: number;
        readonly failing: number;
        readonly dead: number;
        readonly unseen: number;
        readonly oldestSeconds: number | undefined;
      })
    | undefined;
  /** Undefined where there is one register alone. */
  readonly cutover:
    { readonly routes: () => readonly RouteShare[]; readonly heldBack: () => readonly string[] } | undefined;
}

/** What is not counted by events but asked for anew. */
export function standingMetrics(instruments: Instruments, standing: Standing): void {
  const build = instruments.gauge('preg_adapter_build_info', 'Always 1; the labels tell the versions.', [
    'version',
    'node',
  ]);
  build.set({ version: standing.version, node: process.version }, 1);
  healthMetrics(instruments, standing);
  expiryMetrics(instruments, standing);
  workMetrics(instruments, standing);
  routeMetrics(instruments, standing);
}

function healthMetrics(instruments: Instruments, { readiness }: Standing): void {
  // The store is written to for it, which is not done twice for a page.
  let latest: Readiness | undefined;
  instruments.reading('preg_adapter_ready', '1 when /health/ready answers 200, otherwise 0.', [], (gauge) => {
    latest = undefined;
    latest = readiness();
    gauge.set(latest.status === 'ready' ? 1 : 0);
  });
  instruments.reading(
    'preg_adapter_health',
    '1 for the status of each check of /health/ready, 0 for the others.',
    ['check', 'status'],
    (gauge) => {
      for (const [check, { status }] of Object.entries(latest?.checks ?? {})) {
        for (const one of ['ok', 'warning', 'failed']) {
          gauge.set({ check, status: one }, one === status ? 1 : 0);
        }
      }
    },
  );
}

function expiryMetrics(instruments: Instruments, { certificates, keyExpiresAt }: Standing): void {
  instruments.reading(
    'preg_adapter_certificate_expiry_timestamp_seconds',
    'When a certificate that the adapter shows ends, in seconds since 1970.',
    ['certificate'],
    (gauge) => {
      for (const [certificate, end] of certificates()) gauge.set({ certificate }, end.getTime() / 1_000);
    },
  );
  instruments.reading(
    'preg_adapter_key_expiry_timestamp_seconds',
    'When the registration of the key for HelseID ends, where its file tells, in seconds since 1970.',
    [],
    (gauge) => {
      const end = keyExpiresAt();
      if (end !== undefined) gauge.set(end.getTime() / 1_000);
    },
  );
}

function workMetrics(instruments: Instruments, { feed, filematch, notifications }: Standing): void {
  instruments.reading(
    'preg_adapter_feed_lag_seconds',
    'How long ago the log of changes was level with the event feed.',
    [],
    (gauge) => {
      const lag = feed?.()?.lagSeconds;
      if (lag !== undefined) gauge.set(lag);
    },
  );
  instruments.reading(
    'preg_adapter_feed_events_behind',
    'At most so many events were not read yet at the last look at the feed.',
    [],
    (gauge) => {
      const known = feed?.();
      if (known !== undefined) gauge.set(known.eventsBehind);
    },
  );
  instruments.reading(
    'preg_adapter_filematch_rows_left',
    'Rows of Filematch jobs that are still to be looked up, where the file has been read through.',
    [],
    (gauge) => {
      gauge.set(filematch().reduce((sum, { rowsLeft }) => sum + rowsLeft, 0));
    },
  );
  instruments.reading(
    'preg_adapter_filematch_jobs',
    'Filematch jobs that are not over, by what they wait for; nothing are those at work. A hundred are looked at.',
    ['waiting_for'],
    (gauge) => {
      const jobs = filematch();
      for (const reason of ['nothing', 'turn', 'window', 'resume', 'register', 'disk', 'folder', 'client']) {
        gauge.set(
          { waiting_for: reason },
          jobs.filter(({ waitingFor }) => (waitingFor ?? 'nothing') === reason).length,
        );
      }
    },
  );
  instruments.reading(
    'preg_adapter_notifications',
    'Messages to receivers of HL7 v2: waiting, of these failing at least once, given up (dead), of these looked at by nobody (unseen).',
    ['state'],
    (gauge) => {
      if (notifications === undefined) return;
      const { waiting, failing, dead, unseen } = notifications();
      for (const [state, count] of Object.entries({ waiting, failing, dead, unseen })) {
        gauge.set({ state }, count);
      }
    },
  );
  instruments.reading(
    'preg_adapter_notifications_oldest_seconds',
    'How long the oldest message to a receiver waits.',
    [],
    (gauge) => {
      if (notifications !== undefined) gauge.set(notifications().oldestSeconds ?? 0);
    },
  );
}

function routeMetrics(instruments: Instruments, { cutover }: Standing): void {
  instruments.reading(
    'preg_adapter_cutover_route_percent',
    'How many of a hundred people take a route, now; * are all operations without a route of their own.',
    ['client', 'protocol', 'operation', 'route'],
    (gauge) => {
      for (const { client, protocol, operation = '*', route, percent } of cutover?.routes() ?? []) {
        gauge.set({ client, protocol, operation, route }, percent);
      }
    },
  );
  instruments.reading(
    'preg_adapter_cutover_held_back',
    '1 for a client that the guard holds back on PREG until an operator acts.',
    ['client'],
    (gauge) => {
      for (const client of cutover?.heldBack() ?? []) gauge.set({ client }, 1);
    },
  );
}
