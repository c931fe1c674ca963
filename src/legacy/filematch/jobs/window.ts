import { norwegianTimeOfDay } from './norwegian-time.js';

/** The time of day in which people are looked up (`filematch.window`): `HH:MM` in Norway, the end not included. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

/** Whether an instant is in the window. One that ends earlier than it begins lasts until the next morning. */
export function isOpen(window: Window | undefined, instant: Date): boolean {
  if (window === undefined) return true;
  const { from, to } = window;
  const time = norwegianTimeOfDay(instant);
  return from < to ? from <= time && time < to : from <= time || time < to;
}
