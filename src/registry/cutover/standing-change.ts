import type { RouteScope, StandingRoute } from './route.js';

/** How far a route that is set reaches. */
export interface Setting {
  /** A route for all clients also ends what the guard set for single ones. */
  readonly releasing?: boolean | undefined;
}

/**
 * What stands once a route is set. One for everybody takes the place of all that its setter had for the same scope; an operator's
 * also ends what the guard set for it or for a part of it. One for some of a hundred people takes the place of another such alone,
 * and never moves the others: where the guard held them, its route goes on for them as the operator's.
 */
export function afterSetting(
  standing: readonly StandingRoute[],
  route: StandingRoute,
  setting: Setting = {},
): readonly StandingRoute[] {
  const others = standing.filter((one) => !isReplaced(one, route));
  if (route.setBy === 'guard') return [...others, route];
  const ended = endedBySetting(standing, route, setting);
  const rest = others.filter((one) => !ended.includes(one));
  if (!isForSome(route)) return [...rest, route];
  // What slept under a hold would wake, and move people.
  const awake = rest.filter((one) => one.setBy === 'guard' || !ended.some((hold) => isWithin(one, hold)));
  return distinct([...awake, ...ended.flatMap((hold) => inPlaceOf(hold, route, awake)), route]);
}

/** What the guard set that ends when a route is set. */
export function endedBySetting(
  standing: readonly StandingRoute[],
  route: StandingRoute,
  { releasing = false }: Setting = {},
): readonly StandingRoute[] {
  if (route.setBy === 'guard') return [];
  const holds = standing.filter(({ setBy }) => setBy === 'guard');
  const ended = holds.filter(
    (one) =>
      (releasing || route.clientId !== undefined || one.clientId === undefined) &&
      // One for everybody ends no wider hold, since it says nothing of the rest.
      (isWithin(one, route) || (isForSome(route) && isWithin(route, one))),
  );
  return isForSome(route) ? onlyTogether(ended, holds) : ended;
}

/** Those that no other hold meets which stays: it would go before what takes their place, and move people. */
function onlyTogether(
  ended: readonly StandingRoute[],
  holds: readonly StandingRoute[],
): readonly StandingRoute[] {
  const staying = holds.filter((one) => !ended.includes(one));
  const free = ended.filter((one) => !staying.some((other) => doOverlap(one, other)));
  return free.length === ended.length ? ended : onlyTogether(free, holds);
}

/** Whether a scope is a part of another, or the same. */
export function isWithin(scope: RouteScope, other: RouteScope): boolean {
  return (
    (other.clientId ?? scope.clientId) === scope.clientId &&
    (other.protocol ?? scope.protocol) === scope.protocol &&
    (other.operation ?? scope.operation) === scope.operation
  );
}

/** Whether two scopes are the same. */
export function isSameScope(scope: RouteScope, other: RouteScope): boolean {
  return isWithin(scope, other) && isWithin(other, scope);
}

/** Whether there is a question that two scopes both have in them. */
export function doOverlap(scope: RouteScope, other: RouteScope): boolean {
  return isWithin({ ...scope, ...named(other) }, scope) && isWithin({ ...other, ...named(scope) }, other);
}

/** Whether a route is for some of a hundred people alone. */
export function isForSome({ percent }: Pick<StandingRoute, 'percent'>): boolean {
  return percent !== undefined && percent < 100;
}

function isReplaced(one: StandingRoute, route: StandingRoute): boolean {
  return one.setBy === route.setBy && isSameScope(one, route) && (isForSome(one) || !isForSome(route));
}

/** The routes of an operator's that say together what a hold said, but for those of a hundred who go another way. */
function inPlaceOf(
  hold: StandingRoute,
  route: StandingRoute,
  awake: readonly StandingRoute[],
): readonly StandingRoute[] {
  const { at, percent } = route;
  const forOthers = (scope: RouteScope): StandingRoute => ({
    ...named(scope),
    route: hold.route,
    setBy: 'operator',
    at,
  });
  return [
    forOthers(hold),
    // A closer route of an operator's went after the hold, and would go before what takes its place.
    ...awake
      .filter((one) => one.setBy === 'operator' && doOverlap(one, hold) && !isWithin(hold, one))
      .map((one) => forOthers({ ...hold, ...named(one) })),
    ...(isWithin(route, hold) ? [] : [{ ...forOthers(hold), route: route.route, percent }]),
  ];
}

function named(scope: RouteScope): RouteScope {
  const { clientId, protocol, operation } = scope;
  return {
    ...(clientId === undefined ? {} : { clientId }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(operation === undefined ? {} : { operation }),
  };
}

/** One of each scope, setter and share: the last. */
function distinct(routes: readonly StandingRoute[]): readonly StandingRoute[] {
  const known = routes.map((one) => {
    const { clientId, protocol, operation, setBy } = one;
    return [JSON.stringify([clientId, protocol, operation, setBy, isForSome(one)]), one] as const;
  });
  return [...new Map(known).values()];
}
