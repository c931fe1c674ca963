const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Oslo',
  dateStyle: 'short',
  timeStyle: 'medium',
});

const HOUR = 3_600_000;

/** How far Norway was ahead of UTC in the hour that was asked about last. */
let last = { hour: NaN, ahead: NaN };

/** What calendar and clock show in Norway at an instant, as `YYYY-MM-DDTHH:MM:SS`. */
export function norwegianTime(instant: Date): string {
  const time = instant.getTime();
  // Clocks are changed at full hours. Asking for each instant anew costs as much as a row of a mapping.
  const hour = Math.floor(time / HOUR);
  if (hour !== last.hour) last = { hour, ahead: aheadAt(hour * HOUR) };
  return new Date(time + last.ahead).toISOString().slice(0, 19);
}

function aheadAt(time: number): number {
  return Date.parse(`${clock.format(time).replace(' ', 'T')}Z`) - time;
}
