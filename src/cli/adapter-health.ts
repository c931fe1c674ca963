import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import {
  plaintextCheck,
  storeCheck,
  watchPreg,
  watchStaleAnswers,
  watchToken,
  watchUpstream,
} from '../operations/health-checks.js';
import { watchAudit } from '../operations/audit-check.js';
import { watchCertificates } from '../operations/certificates-check.js';
import { watchConfiguration } from '../operations/configuration-check.js';
import { cutoverCheck } from '../operations/cutover-check.js';
import { diskCheck } from '../operations/disk-check.js';
import { filematchCheck } from '../operations/filematch-check.js';
import { followerCheck } from '../operations/follower-check.js';
import { notificationsCheck } from '../operations/notifications-check.js';
import { watchClock } from '../operations/clock-check.js';
import { createHealth, type Health } from '../operations/health.js';
import { keyCheck } from '../operations/key-check.js';
import { freeBytes } from '../store/free-bytes.js';
import { lagLimit } from '../registry/persontjenesten/events/lag-limit.js';
import type { Clock } from '../runtime/clock.js';
import type { CertificateEnds } from './certificate-ends.js';
import { workOf } from './filematch/work-at-hand.js';
import { plaintextReceivers } from './notifications/open-notifications.js';
import { plaintextListeners } from './plaintext-listeners.js';
import type { OpenedAdapter } from './open-adapter.js';

/** The health of an opened adapter, but for its listeners. */
export function healthOf(
  { store, events, logger, follower, notifications, filematch, keyState, cutoverState }: OpenedAdapter,
  { cutover, data, listeners, hl7v2, events: followed, upstream: settings }: AdapterConfiguration,
  ends: Pick<CertificateEnds, 'all'>,
  clock: Clock,
): Health {
  const health = createHealth(logger);
  const upstream = watchUpstream(clock);
  const token = watchToken(clock);
  const clocks = watchClock();
  const audit = watchAudit(store.audit);
  events.subscribe(upstream.listener);
  events.subscribe(token.listener);
  events.subscribe(clocks.listener);
  events.subscribe(audit.listener);
  const configured = watchConfiguration(clock);
  const certificates = watchCertificates(() => ends.all(), clock);
  events.subscribe(configured.listener);
  events.subscribe(certificates.listener);
  health.register('store', storeCheck(store));
  health.register('audit', audit.check);
  health.register(
    'disk',
    diskCheck(() => freeBytes(data.directory)),
  );
  health.register('persontjenesten', upstream.check);
  health.register('token', token.check);
  health.register('key', keyCheck(keyState, clock));
  health.register('clock', clocks.check);
  health.register('configuration', configured.check);
  health.register('certificates', certificates.check);
  if (follower !== undefined) {
    const following = {
      state: () => store.changeLog.state(),
      trouble: () => follower.trouble,
      lagLimit: lagLimit(followed.pollSeconds),
    };
    health.register('events', followerCheck(following, clock));
  }
  if (settings.cache.enabled && settings.cache.staleWhileDown) {
    const stale = watchStaleAnswers(clock);
    events.subscribe(stale.listener);
    health.register('cache', stale.check);
  }
  if (cutover.preg !== undefined) {
    const preg = watchPreg(clock);
    events.subscribe(preg.listener);
    health.register('preg', preg.check);
    health.register(
      'cutover',
      cutoverCheck(
        () => cutoverState() ?? { heldBack: [], heldInVain: [], areRoutesKnown: true, dropped: 0 },
      ),
    );
  }
  if (notifications !== undefined) {
    health.register(
      'notifications',
      notificationsCheck(() => notifications.state(), clock),
    );
  }
  health.register('filematch', filematchCheck(workOf(filematch), clock));
  health.register(
    'plaintext',
    plaintextCheck([...plaintextListeners(listeners), ...plaintextReceivers({ hl7v2 })]),
  );
  return health;
}
