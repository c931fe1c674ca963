import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import type { Forgettable } from '../operations/retention.js';
import type { Store } from '../store/store.js';
import type { LiveSettings } from './live-settings.js';

const DAY = 24 * 60 * 60_000;
/** How long a message that was let through to the old register is known again: longer than any client sends it again. */
const FORWARDED_DAYS = 400;

/** What of the store grows old by itself: by settings of its own, or once its time has come. */
export function forgettableIn(
  store: Store,
  configuration: Pick<AdapterConfiguration, 'events' | 'hl7v2' | 'cutover'>,
  live: () => LiveSettings['cutover'] = () => configuration.cutover,
): readonly Forgettable[] {
  return [
    store.contexts,
    store.nonces,
    store.continuations,
    eventsOf(store, configuration),
    ...notificationsOf(store, configuration),
    ...cutoverOf(store, live),
  ];
}

/** What was compared, and values much earlier; who used what, once they do not any more. Also where there is one register alone. */
function cutoverOf(
  { comparisons, usage, forwardedMessages }: Store,
  live: () => LiveSettings['cutover'],
): readonly Forgettable[] {
  const daysBefore = (now: Date, setting: 'retentionDays' | 'valueDays'): Date =>
    new Date(now.getTime() - live().comparison[setting] * DAY);
  return [
    { forgetBefore: (now) => comparisons.forgetValuesBefore(daysBefore(now, 'valueDays')) },
    { forgetBefore: (now) => comparisons.forgetBefore(daysBefore(now, 'retentionDays')) },
    { forgetBefore: (now) => usage.forgetBefore(daysBefore(now, 'retentionDays')) },
    {
      forgetBefore: (now) => forwardedMessages.forgetBefore(new Date(now.getTime() - FORWARDED_DAYS * DAY)),
    },
  ];
}

/** Events grow old by a setting of their own, also where they are not followed any more. */
function eventsOf({ changeLog }: Store, { events }: Pick<AdapterConfiguration, 'events'>): Forgettable {
  return {
    forgetBefore: (now) => changeLog.purgeBefore(new Date(now.getTime() - events.retentionDays * DAY)),
  };
}

/** Whom clients looked up long ago, what was given up and looked at, and what is for nobody any more; also where nobody is told. */
function notificationsOf(
  { notifications, subscriptions }: Store,
  { hl7v2 }: Pick<AdapterConfiguration, 'hl7v2'>,
): readonly Forgettable[] {
  const { lookupDays, deadLetterDays, receivers } = hl7v2.notifications;
  const known = receivers.map(({ id }) => id);
  return [
    { forgetBefore: (now) => subscriptions.forgetBefore(new Date(now.getTime() - lookupDays * DAY)) },
    { forgetBefore: (now) => notifications.forgetBefore(new Date(now.getTime() - deadLetterDays * DAY)) },
    {
      forgetBefore: (now) =>
        notifications.forgetOthers(known, new Date(now.getTime() - deadLetterDays * DAY)),
    },
  ];
}
