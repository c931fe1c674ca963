import type { Protocol } from '../../access/legacy-client.js';
import type { Setting } from './standing-change.js';

/** Where people can be asked for while the old register lives. */
export const sources = ['preg', 'persontjenesten'] as const;
export type Source = (typeof sources)[number];

/**
 * The ways that a question can take: the old register alone; the old register with the new one asked in the background; the same
 * the other way round; the new register alone.
 */
export const routes = ['preg', 'shadow-preg', 'shadow-persontjenesten', 'persontjenesten'] as const;
export type Route = (typeof routes)[number];

/** Who answers on a route. */
export function answeringSource(route: Route): Source {
  return route === 'preg' || route === 'shadow-preg' ? 'preg' : 'persontjenesten';
}

/** Who is asked the same in the background, if anybody. */
export function shadowedSource(route: Route): Source | undefined {
  if (route === 'shadow-preg') return 'persontjenesten';
  return route === 'shadow-persontjenesten' ? 'preg' : undefined;
}

/** The other of the two. */
export function otherSource(source: Source): Source {
  return source === 'preg' ? 'persontjenesten' : 'preg';
}

/** Which questions a route is for; what is absent means any. */
export interface RouteScope {
  /** `clients[].id`. */
  readonly clientId?: string | undefined;
  readonly protocol?: Protocol | undefined;
  /** As the audit trail names it. */
  readonly operation?: string | undefined;
}

/** A route of the configuration. */
export interface RouteRule extends RouteScope {
  readonly route: Route;
  /** How many of a hundred people take it, always the same ones; the others take the route that would hold without it. */
  readonly percent?: number | undefined;
  /** It holds from then on; from the beginning where absent. */
  readonly from?: Date | undefined;
}

/** A route that an operator or the guard has set while the adapter ran: it holds until it is cleared. */
export interface StandingRoute extends RouteScope {
  readonly route: Route;
  readonly percent?: number | undefined;
  readonly setBy: 'operator' | 'guard';
  readonly at: Date;
  /** Why the guard set it, without data. */
  readonly reason?: string | undefined;
}

/** Where standing routes are kept, for all processes on one store. */
export interface StandingRoutes {
  /** All of them, as they are now, also when another process has just set one. Cheap enough for every question. */
  all(): readonly StandingRoute[];
  /** Sets one beside or in place of others: what stands then is what `afterSetting` (standing-change.ts) says. */
  set(route: StandingRoute, setting?: Setting): void;
  /** Clears what was set for exactly this scope, by whomever. @returns how many were */
  clear(scope: RouteScope): number;
}
