import type { Clock } from '../runtime/clock.js';
import type { EventListener } from './events.js';
import type { HealthCheck } from './health.js';
import type { Watch } from './health-checks.js';
import { warningOf, type Found } from './warning.js';

/** So long before the end of a certificate somebody has to look: those that renew themselves have done so by then. */
const WARNING_DAYS = 21;

const DAY = 24 * 60 * 60_000;

/**
 * Whether certificates in use end soon, or what was to take their place cannot be used. Never `failed`: clients judge for themselves.
 * @param ends of those in use, by the settings that they are from
 */
export function watchCertificates(ends: () => ReadonlyMap<string, Date>, clock: Clock): Watch {
  const unusable = new Set<string>();
  const listener: EventListener = (name, event) => {
    // Told before the files are read, each time: one that is still unusable is told again right after.
    if (name === 'configurationReloaded') unusable.clear();
    if (name === 'certificateUnusable' && 'setting' in event) unusable.add(event.setting);
  };
  const check: HealthCheck = () => {
    const now = clock.now();
    return warningOf([
      ...[...unusable].map((setting): Found => [
        `${setting} unusable`,
        `the new certificate of ${setting} cannot be used, and the old one is in use`,
      ]),
      ...[...ends()].flatMap(([setting, end]) => endFound(setting, end, now)),
    ]);
  };
  return { listener, check };
}

function endFound(setting: string, end: Date, now: Date): readonly Found[] {
  const left = end.getTime() - now.getTime();
  if (left > WARNING_DAYS * DAY) return [];
  const day = end.toISOString().slice(0, 10);
  if (left > 0) return [[`${setting} ends`, `the certificate of ${setting} ends on ${day}`]];
  const reason = `the certificate of ${setting} ended on ${day}`;
  // That it would was told, and is not over.
  return [
    [`${setting} ends`, reason],
    [`${setting} ended`, reason],
  ];
}
