import { startInNorway, type CalendarDate, isCalendarDate } from '../../person/calendar-date.js';
import type { Protocol } from '../../access/legacy-client.js';
import type { Route, RouteRule } from './route.js';

/** A route as the configuration has it. */
export interface ConfiguredRoute {
  /** `clients[].id`. */
  readonly client?: string | undefined;
  readonly protocol?: Protocol | undefined;
  readonly operation?: string | undefined;
  readonly route: Route;
  readonly percent?: number | undefined;
  /** `YYYY-MM-DD`. */
  readonly from?: string | undefined;
}

/** The routes of the configuration, each from the beginning of its day in Norway on. @throws RangeError for a day that is none */
export function rulesOf(configured: readonly ConfiguredRoute[]): readonly RouteRule[] {
  return configured.map(({ client, protocol, operation, route, percent, from }) => ({
    clientId: client,
    protocol,
    operation,
    route,
    percent,
    from: from === undefined ? undefined : startInNorway(dayIn(from)),
  }));
}

function dayIn(text: string): CalendarDate {
  if (!isCalendarDate(text)) throw new RangeError('cutover.routes[].from was not checked');
  return text;
}
