const dayAndTime = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Oslo',
  dateStyle: 'short',
  timeStyle: 'medium',
});

const timeZone = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Oslo', timeZoneName: 'longOffset' });

/** An instant as receipts tell it: Norwegian time with its offset, `2025-11-03T08:00:07+01:00`. */
export function norwegianTime(instant: Date): string {
  const zone = timeZone.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return `${dayAndTime.format(instant).replace(' ', 'T')}${zone.replace('GMT', '')}`;
}

/** The time of day in Norway, `HH:MM`. */
export function norwegianTimeOfDay(instant: Date): string {
  return dayAndTime.format(instant).slice(11, 16);
}
