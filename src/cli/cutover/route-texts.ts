import { dayInNorway } from '../../person/calendar-date.js';
import type { RouteScope, StandingRoute } from '../../registry/cutover/route.js';
import type { RouteSetter, Way } from '../../registry/cutover/route-table.js';
import { aligned } from '../aligned.js';
import type { EffectiveRoute } from './effective-routes.js';

const setters: Readonly<Record<RouteSetter, string>> = {
  tester: 'tester',
  guard: 'guard',
  operator: 'operator',
  rule: 'configuration',
  default: 'default',
};

/** Routes that hold, as a table for a terminal. */
export function routeTable(routes: readonly EffectiveRoute[]): string {
  const titles = ['CLIENT', 'PROTOCOL', 'OPERATION', 'ROUTE', 'SET BY', 'LATER'];
  const rows = routes.map(({ clientId, protocol, operation, ways, next }) => [
    clientId,
    protocol,
    operation ?? 'all others',
    waysText(ways),
    [...new Set(ways.map(({ setBy }) => setters[setBy]))].join(', '),
    next.map((later) => `${dayInNorway(later.from)}: ${waysText(later.ways)}`).join('; '),
  ]);
  return aligned([titles, ...rows]);
}

/** Routes that were set while the adapter ran. */
export function standingTable(standing: readonly StandingRoute[]): string {
  const titles = ['CLIENT', 'PROTOCOL', 'OPERATION', 'ROUTE', 'SET BY', 'SINCE (UTC)', 'REASON'];
  const rows = standing.map(({ clientId, protocol, operation, setBy, at, reason, ...way }) => [
    clientId ?? 'all',
    protocol ?? 'all',
    operation ?? 'all',
    wayText(way),
    setters[setBy],
    minuteOf(at),
    reason ?? '',
  ]);
  return aligned([titles, ...rows]);
}

/** Ways in words: `10 % persontjenesten, else shadow-preg`. */
export function waysText(ways: readonly Pick<Way, 'route' | 'percent'>[]): string {
  return ways.map(wayText).join(', else ');
}

/** One way in words. */
export function wayText({ route, percent }: Pick<Way, 'route' | 'percent'>): string {
  return percent === undefined ? route : `${percent} % ${route}`;
}

/** For what a route is, in words: `epj, hl7v3, FindCandidates`. */
export function scopeText({ clientId, protocol, operation }: RouteScope): string {
  return [clientId ?? 'all clients', protocol, operation].filter((part) => part !== undefined).join(', ');
}

/** An instant, to the minute, in UTC. */
export function minuteOf(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}
