import { clientFrom } from '../access/accounts.js';
import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import type { Health } from '../operations/health.js';
import { answeringSource } from '../registry/cutover/route.js';
import { apiVersions } from '../registry/persontjenesten/api-version.js';
import { IdleProbe, type ProbeSubject } from '../registry/persontjenesten/idle-probe.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import { effectiveRoutes } from './cutover/effective-routes.js';
import type { OpenedAdapter } from './open-adapter.js';

/**
 * Has an adapter that nobody asks find out whether Persontjenesten is there, unless `upstream.probeSeconds` is 0. Not ready until it
 * is known for the first time. @returns what runs until the signal aborts
 */
export function idleProbe(
  opened: OpenedAdapter,
  { configuration, clock, random }: { configuration: AdapterConfiguration; clock: Clock; random: Random },
  health: Pick<Health, 'register'>,
): (signal: AbortSignal) => Promise<void> {
  const { probeSeconds } = configuration.upstream;
  if (probeSeconds === 0) return () => Promise.resolve();
  const probe = new IdleProbe({
    transport: opened.transport,
    version: apiVersions[configuration.persontjenesten.version],
    subject: () => subjectOf(opened, configuration, clock),
    everyMilliseconds: probeSeconds * 1_000,
    events: opened.events,
    clock,
    random,
  });
  opened.events.subscribe(probe.listener);
  health.register('probe', () =>
    probe.hasAsked
      ? { status: 'ok' }
      : { status: 'failed', reason: 'Persontjenesten has not been asked yet whether it is there' },
  );
  return (signal) => probe.run(signal);
}

/** The first client whom Persontjenesten answers; undefined while PREG answers everybody. */
function subjectOf(
  { live, store }: OpenedAdapter,
  { cutover: { preg } }: AdapterConfiguration,
  clock: Clock,
): ProbeSubject | undefined {
  const { clients, profiles, cutover } = live.settings;
  const enabled = clients.filter((client) => client.enabled);
  const asker =
    preg === undefined
      ? enabled[0]
      : enabled.find((settings) =>
          effectiveRoutes({
            configuration: { clients: [settings], cutover: { ...cutover, preg } },
            standing: store.standingRoutes.all(),
            now: clock.now(),
          }).some(({ ways }) => ways.some(({ route }) => answeringSource(route) === 'persontjenesten')),
        );
  return asker && clientFrom(asker, profiles);
}
