import { hostname } from 'node:os';
import { join } from 'node:path';
import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import { packageRoot } from '../config/package-root.js';
import type { JobView } from '../legacy/filematch/jobs/filematch-jobs.js';
import { createDashboard } from '../operations/dashboard/dashboard.js';
import { Recorder } from '../operations/dashboard/recorder.js';
import type {
  ClientStanding,
  CutoverStanding,
  DashboardStanding,
  JobStanding,
  RouteStanding,
} from '../operations/dashboard/standing.js';
import type { Standing } from '../operations/metrics/standing-metrics.js';
import type { OperationsPage } from '../operations/operations-page.js';
import { readinessOf } from '../registry/cutover/readiness/readiness.js';
import type { Clock } from '../runtime/clock.js';
import { comparisonDigest } from './cutover/comparison-digest.js';
import { effectiveRoutes } from './cutover/effective-routes.js';
import { isComparable } from './cutover/operations.js';
import { speaksFilematch } from './filematch/open-filematch.js';
import { knownNames } from './known-names.js';
import type { LiveSettings } from './live-settings.js';
import { sharesOf } from './metrics-of.js';
import type { OpenedAdapter } from './open-adapter.js';
import { version } from './version.js';

/** Jobs that are shown: of those that are not over, and of those that ended lately. */
const JOBS_AT_WORK = 30;
const JOBS_OVER = 10;
const OVER_MILLISECONDS = 3 * 24 * 60 * 60_000;

/** Readiness reads all that was compared; once in a minute is enough. */
const READINESS_MILLISECONDS = 60_000;
/** As `preg-adapter readiness` judges without an option. */
const READINESS_DAYS = 30;

/** The dashboard of an opened adapter, which records from now on. */
export function dashboardOf(
  opened: OpenedAdapter,
  configuration: AdapterConfiguration,
  standing: Pick<Standing, 'readiness' | 'certificates' | 'keyExpiresAt' | 'notifications'>,
  clock: Clock,
): OperationsPage {
  const { store, events, logger, mappings } = opened;
  const live = (): LiveSettings => opened.live.settings;
  const recorder = new Recorder(knownNames(configuration, opened.live, mappings), clock);
  events.subscribe(recorder.listener);
  const shown: DashboardStanding = {
    ...standing,
    version: version(),
    host: hostname(),
    clients: () => live().clients.filter(({ enabled }) => enabled),
    feed:
      opened.follower === undefined
        ? undefined
        : () => {
            const state = store.changeLog.state();
            if (state === undefined) return undefined;
            const { caughtUpAt, answersFrom, newest = 0n, next } = state;
            const lag = caughtUpAt && Math.max(0, clock.now().getTime() - caughtUpAt.getTime()) / 1_000;
            const eventsBehind = newest >= next ? Number(newest - next + 1n) : 0;
            return { lagSeconds: lag, eventsBehind, answersFrom };
          },
    filematch: () => {
      const jobs = jobsOf(opened, clock);
      return jobs.length > 0 || live().clients.some(speaksFilematch) ? jobs : undefined;
    },
    cutover: configuration.cutover.preg === undefined ? undefined : cutoverOf(opened, configuration, clock),
  };
  return createDashboard({ recorder, standing: shown, clock, logger: logger });
}

/** What follows from the settings, found anew only when they are others. */
function remembered<Argument extends unknown[], Result>(
  live: () => LiveSettings,
  make: (settings: LiveSettings) => (...given: Argument) => Result,
): (...given: Argument) => Result {
  let known: { readonly settings: LiveSettings; readonly made: (...given: Argument) => Result } | undefined;
  return (...given) => {
    const settings = live();
    if (known?.settings !== settings) known = { settings, made: make(settings) };
    return known.made(...given);
  };
}

function jobsOf({ filematch }: OpenedAdapter, clock: Clock): readonly JobStanding[] {
  const since = clock.now().getTime() - OVER_MILLISECONDS;
  const atWork = filematch.jobs.jobs({ over: false, exceptDoor: 'command-line', limit: JOBS_AT_WORK });
  const over = filematch.jobs
    .jobs({ over: true, limit: JOBS_OVER })
    .filter(({ job: { finishedAt } }) => finishedAt !== null && finishedAt.getTime() >= since);
  return [...atWork, ...over].map(jobStanding);
}

function jobStanding({ job, hold, waitingFor }: JobView): JobStanding {
  const { id, clientId: client, state, survey, checkpoint, input, startedAt, finishedAt } = job;
  return {
    id,
    client,
    state,
    hold: finishedAt === null ? hold : null,
    waitingFor,
    rows: survey?.rows,
    rowsDone: checkpoint.rows,
    rowsMatched: checkpoint.totals.matched,
    receivedAt: input.receivedAt,
    startedAt,
    finishedAt,
  };
}

function cutoverOf(
  { store, live: parts, cutoverState }: OpenedAdapter,
  configuration: AdapterConfiguration,
  clock: Clock,
): CutoverStanding {
  const live = (): LiveSettings => parts.settings;
  const rulesOf = remembered(live, ({ clients, profiles }) =>
    comparisonDigest({
      configuration: { ...configuration, clients, profiles },
      folder: join(packageRoot(), 'mappings'),
      version: version(),
    }),
  );
  let judged: { readonly until: number; readonly clients: readonly ClientStanding[] } | undefined;
  return {
    days: READINESS_DAYS,
    heldBack: () => cutoverState()?.heldBack ?? [],
    routes: () => {
      const { clients, cutover } = live();
      return effectiveRoutes({
        configuration: { clients, cutover: { ...cutover, preg: configuration.cutover.preg } },
        standing: store.standingRoutes.all(),
        now: clock.now(),
      }).map(({ clientId: client, protocol, operation, ways, next }): RouteStanding => ({
        client,
        protocol,
        operation,
        shares: sharesOf(ways),
        nextChange: next[0]?.from,
      }));
    },
    readiness: () => {
      const now = clock.now();
      if (judged === undefined || now.getTime() >= judged.until) {
        const { clients, cutover } = live();
        const known = readinessOf({
          figures: store.cutoverFigures,
          limits: cutover.readiness,
          now,
          days: READINESS_DAYS,
          clients: clients.map(({ id }) => id),
          rulesOf,
          isComparable,
        });
        judged = { until: now.getTime() + READINESS_MILLISECONDS, clients: known.map(clientStanding) };
      }
      return judged.clients;
    },
  };
}

function clientStanding({
  clientId: client,
  isReady,
  obstacles,
  comparisons: { compared, unexplained, identity },
}: ReturnType<typeof readinessOf>[number]): ClientStanding {
  return { client, isReady, compared, unexplained, identity, obstacles: obstacles.map(({ kind }) => kind) };
}
