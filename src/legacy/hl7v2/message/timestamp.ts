import { norwegianTime } from '../../../person/norwegian-time.js';

const MINUTE = 60_000;

/** An instant as Norwegian clocks show it, with its distance from UTC: `YYYYMMDDHHMMSS+ZZZZ`. */
export function timestamp(instant: Date): string {
  const local = norwegianTime(instant);
  const ahead = Math.round((Date.parse(`${local}Z`) - instant.getTime()) / MINUTE);
  const zone = [Math.floor(ahead / 60), ahead % 60].map((part) => String(part).padStart(2, '0')).join('');
  return `${local.replaceAll(/[^0-9]/g, '')}+${zone}`;
}
