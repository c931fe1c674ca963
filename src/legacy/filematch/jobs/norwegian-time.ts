import { norwegianTime } from '../../../person/norwegian-time.js';

const HOUR = 3_600_000;

/** An instant as receipts tell it: Norwegian time with its offset, `2025-11-03T08:00:07+01:00`. */
export function norwegianTimeWithOffset(instant: Date): string {
  const shown = norwegianTime(instant);
  const ahead = Math.round((Date.parse(`${shown}Z`) - instant.getTime()) / HOUR);
  return `${shown}+${String(ahead).padStart(2, '0')}:00`;
}

/** The time of day in Norway, `HH:MM`. */
export function norwegianTimeOfDay(instant: Date): string {
  return norwegianTime(instant).slice(11, 16);
}
