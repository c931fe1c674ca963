import { createLegacyListener } from '../legacy/listener.js';
import type { AuditEntry } from '../operations/audit-trail.js';
import { Alerts } from '../operations/alerts.js';
import type { EventSink } from '../operations/events.js';
import type { HealthCheck } from '../operations/health.js';
import { createOperationsListener } from '../operations/listener.js';
import type { ListeningOn } from '../operations/listening.js';
import { createRetention } from '../operations/retention.js';
import { parseNetworkList } from '../runtime/network-list.js';
import { healthOf } from './adapter-health.js';
import { CertificateEnds } from './certificate-ends.js';
import { Closing } from './closing.js';
import { dashboardOf } from './dashboard-of.js';
import { doorkeepers } from './doorkeepers.js';
import { forgettableIn } from './forgettable-store.js';
import { idleProbe } from './idle-probe.js';
import { certifiedListeners, tlsAtStart } from './listener-certificates.js';
import type { LiveSettings } from './live-settings.js';
import { openAdapter, type ProcessParts } from './open-adapter.js';
import { metricsOf, standingOf } from './metrics-of.js';
import { operatorLogin, renewingPassword } from './operator-login.js';
import { openMllp } from './open-mllp.js';
import { oldTlsCheck, openOldTls } from './open-old-tls.js';
import type { OnReload } from './reloading.js';
import { renewingCertificates } from './renewed-certificates.js';
import { tracesOf } from './traces-of.js';
import { untilStopped } from './until-stopped.js';

/** An adapter that serves. */
export interface RunningAdapter {
  readonly legacy: ListeningOn;
  /** Undefined where nobody is served by TLS before 1.2. */
  readonly oldTls: ListeningOn | undefined;
  /** Undefined where nobody is listened to over MLLP. */
  readonly mllp: ListeningOn | undefined;
  readonly operations: ListeningOn;
  /** Where what happens to it is told, and where it is put on record. */
  readonly events: EventSink;
  readonly audit: { record(entries: readonly AuditEntry[]): void };
  /** Goes on by these settings from now on; what is under way ends as it began. @see LiveParts.reconfigure */
  reconfigure(settings: LiveSettings, beforehand?: () => void): void;
  /** What is done besides whenever the configuration was read anew. */
  readonly onReload: readonly OnReload[];
  /** Takes nothing new, finishes what is in flight, closes everything. */
  stop(): Promise<void>;
}

/** Opens the adapter and its listeners. @throws as {@link openAdapter}, and ListenerUnavailable */
export async function serveAdapter(parts: ProcessParts): Promise<RunningAdapter> {
  const closing = new Closing();
  try {
    const opened = await openAdapter(parts);
    closing.add(() => opened.close());
    const { configuration, clock } = parts;
    const certificates = await CertificateEnds.read(configuration);
    opened.events.subscribe(certificates.listener);
    const health = healthOf(opened, configuration, certificates, clock);
    const standing = standingOf(opened, configuration, health, certificates, clock);
    const metrics = metricsOf(opened, configuration, standing);
    const probe = idleProbe(opened, parts, health);
    let isOpen = false;
    const opening = (name: string): HealthCheck => {
      return () =>
        isOpen ? { status: 'ok' } : { status: 'failed', reason: `the ${name} listener is not open yet` };
    };
    health.register('legacy', opening('legacy'));
    const { oldTls: oldTlsSettings } = configuration.listeners;
    if (oldTlsSettings !== undefined)
      health.register('oldTls', oldTlsCheck(oldTlsSettings, opening('old TLS')));
    if (configuration.listeners.mllp !== undefined) health.register('mllp', opening('MLLP'));
    const { follower, filematch, notifications } = opened;
    if (follower !== undefined) closing.add(untilStopped((signal) => follower.run(signal)));
    closing.add(untilStopped(opened.countUsage));
    closing.add(untilStopped(probe));
    const retention = createRetention({
      audit: opened.store.audit,
      forgettable: forgettableIn(opened.store, configuration, () => opened.live.settings.cutover),
      retentionDays: configuration.audit.retentionDays,
      clock,
      logger: opened.logger,
    });
    retention.start();
    closing.add(() => retention.stop());
    const shown = tlsAtStart(configuration);
    const operationsSettings = { ...configuration.listeners.operations, tls: shown.operations };
    const login = operatorLogin({ ...operationsSettings, ...parts, events: opened.events });
    const operations = createOperationsListener({
      ...operationsSettings,
      login,
      health,
      metrics,
      events: opened.events,
      clock,
      pages: [
        dashboardOf(opened, configuration, standing, clock),
        ...tracesOf(opened, configuration.logging.tracedRequests, clock),
      ],
    });
    const operationsAt = await operations.start();
    closing.add(() => operations.stop());
    const { legacy } = configuration.listeners;
    const putDoorkeeper = doorkeepers(
      { ...parts, longestWait: legacy.maxWaitMilliseconds, events: opened.events },
      closing,
    );
    const doorkeeper = putDoorkeeper(legacy.maxConcurrentRequests);
    const served = {
      doors: opened.adapter.doors.map((door) => opened.people.at(door)),
      streamingDoors: [filematch.door],
      events: opened.events,
      logger: opened.logger.with({ module: 'listener' }),
      clock,
    };
    const listener = createLegacyListener({
      ...served,
      doorkeeper,
      settings: { ...legacy, trustedProxies: networksOf(legacy.trustedProxies) },
      tls: shown.legacy,
    });
    const oldTls = openOldTls(configuration.listeners, served, putDoorkeeper);
    const mllp = openMllp({
      configuration,
      live: opened.live,
      endpoint: opened.adapter.hl7v2,
      people: opened.people,
      doorkeeper,
      events: opened.events,
      clock,
    });
    // A request that has begun may take its whole deadline to end.
    const grace = legacy.requestDeadlineSeconds * 1000;
    closing.add(async () => {
      await Promise.all([listener.stop(grace), oldTls?.stop(grace), mllp?.stop(grace)]);
    });
    const legacyAt = await listener.start();
    const oldTlsAt = await oldTls?.start();
    const mllpAt = await mllp?.start();
    isOpen = true;
    // What they leave is on the disk, and goes on at the next start.
    closing.add(
      untilStopped(async (signal) => {
        await Promise.all([
          filematch.jobs.run(signal),
          filematch.folders.run(signal),
          notifications?.run(signal),
        ]);
      }),
    );
    closing.add(() => {
      health.stopping();
    });
    const alerts = new Alerts({ health, events: opened.events, clock });
    closing.add(untilStopped((signal) => alerts.run(signal)));
    const renewing = renewingCertificates(
      certifiedListeners(shown, { legacy: listener, oldTls, mllp, operations }),
      opened.events,
    );
    closing.add(renewing.settled);
    return {
      legacy: legacyAt,
      oldTls: oldTlsAt,
      mllp: mllpAt,
      operations: operationsAt,
      events: opened.events,
      audit: opened.store.audit,
      reconfigure: (settings, beforehand) => {
        opened.live.reconfigure(settings, beforehand);
      },
      onReload: [renewingPassword(login), renewing.reread],
      stop: () => closing.run(),
    };
  } catch (error) {
    await closing.run();
    throw error;
  }
}

function networksOf(networks: readonly string[]): NonNullable<ReturnType<typeof parseNetworkList>> {
  const list = parseNetworkList(networks);
  if (list === undefined) throw new TypeError('listeners.legacy.trustedProxies was not checked');
  return list;
}
