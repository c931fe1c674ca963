const DATE_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const MINUTE = 60_000;
/** XML Schema knows no zone further away. */
const FARTHEST_ZONE = 14 * 60;

/**
 * Milliseconds since 1970 of an `xsd:dateTime` with a time zone, white space around it already gone; undefined when it is
 * none or does not exist. Without a zone nobody knows when it is.
 */
export function parseDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  const seconds = match?.[1];
  if (seconds === undefined) return undefined;
  const milliseconds = Date.parse(`${seconds}Z`);
  // Date.parse takes 24:00:00 and makes 30 February a day of March.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== `${seconds}.000Z`)
    return undefined;
  const [, , fraction = '', sign = '+', hours = '0', minutes = '0'] = match ?? [];
  const ahead = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) > 59 || ahead > FARTHEST_ZONE) return undefined;
  return milliseconds + Number(`0${fraction}`) * 1_000 + (sign === '-' ? ahead : -ahead) * MINUTE;
}
