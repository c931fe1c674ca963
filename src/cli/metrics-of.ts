import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import type { Health } from '../operations/health.js';
import { createMetrics, type Metrics } from '../operations/metrics/metrics.js';
import type { RouteShare, Standing } from '../operations/metrics/standing-metrics.js';
import type { Way } from '../registry/cutover/route-table.js';
import type { Clock } from '../runtime/clock.js';
import type { CertificateEnds } from './certificate-ends.js';
import { effectiveRoutes } from './cutover/effective-routes.js';
import { knownNames } from './known-names.js';
import type { OpenedAdapter } from './open-adapter.js';
import { version } from './version.js';

/** So many Filematch jobs are looked at for each page. */
const JOBS_AT_MOST = 100;

/** The metrics of an opened adapter, fed from now on. */
export function metricsOf(
  opened: OpenedAdapter,
  configuration: AdapterConfiguration,
  standing: Standing,
): Metrics {
  const metrics = createMetrics({
    names: knownNames(configuration, opened.live, opened.mappings),
    standing,
    logger: opened.logger,
  });
  opened.events.subscribe(metrics.listener);
  return metrics;
}

/** How an opened adapter stands, read anew each time somebody asks. */
export function standingOf(
  opened: OpenedAdapter,
  configuration: AdapterConfiguration,
  health: Pick<Health, 'readiness'>,
  certificates: Pick<CertificateEnds, 'all'>,
  clock: Clock,
): Standing {
  const { store, filematch, notifications, keyState, cutoverState, live } = opened;
  const secondsSince = (at: Date): number => Math.max(0, (clock.now().getTime() - at.getTime()) / 1_000);
  return {
    version: version(),
    readiness: () => health.readiness(),
    certificates: () => certificates.all(),
    keyExpiresAt: () => keyState().expiresAt,
    feed:
      opened.follower === undefined
        ? undefined
        : () => {
            const state = store.changeLog.state();
            if (state === undefined) return undefined;
            const { caughtUpAt, newest = 0n, next } = state;
            return {
              lagSeconds: caughtUpAt === undefined ? undefined : secondsSince(caughtUpAt),
              eventsBehind: newest >= next ? Number(newest - next + 1n) : 0,
            };
          },
    filematch: () =>
      filematch.jobs
        .jobs({ over: false, exceptDoor: 'command-line', limit: JOBS_AT_MOST })
        .map(({ waitingFor, job: { survey, checkpoint } }) => ({
          waitingFor,
          rowsLeft: survey === null ? 0 : Math.max(0, survey.rows - checkpoint.rows),
        })),
    notifications:
      notifications === undefined
        ? undefined
        : () => {
            const { oldest, ...state } = notifications.state();
            return { ...state, oldestSeconds: oldest === undefined ? undefined : secondsSince(oldest) };
          },
    cutover:
      configuration.cutover.preg === undefined
        ? undefined
        : {
            routes: () =>
              effectiveRoutes({
                configuration: {
                  clients: live.settings.clients,
                  cutover: { ...live.settings.cutover, preg: configuration.cutover.preg },
                },
                standing: store.standingRoutes.all(),
                now: clock.now(),
              }).flatMap(({ clientId: client, protocol, operation, ways }) =>
                sharesOf(ways).map((share) => ({ client, protocol, operation, ...share })),
              ),
            heldBack: () => cutoverState()?.heldBack ?? [],
          },
  };
}

/** How many of a hundred people take each route: a way takes those below its percentage whom none before it took. */
export function sharesOf(ways: readonly Way[]): readonly Pick<RouteShare, 'route' | 'percent'>[] {
  const shares = new Map<RouteShare['route'], number>();
  let taken = 0;
  for (const { route, percent = 100 } of ways) {
    shares.set(route, (shares.get(route) ?? 0) + Math.max(0, percent - taken));
    taken = Math.max(taken, percent);
  }
  return [...shares].map(([route, percent]) => ({ route, percent }));
}
