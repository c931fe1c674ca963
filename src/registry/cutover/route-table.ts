import type { Caller } from '../person-registry.js';
import type { Route, RouteRule, RouteScope, StandingRoute } from './route.js';

/** Who says that a route is taken; `default` where nobody does. */
export type RouteSetter = 'tester' | StandingRoute['setBy'] | 'rule' | 'default';

/** A route that some or all of those take who were not given one before. */
export interface Way {
  readonly route: Route;
  readonly setBy: RouteSetter;
  /** Everybody where absent. */
  readonly percent?: number | undefined;
}

/** What a route is looked for by. */
export type RouteQuestion = Pick<Caller, 'clientId' | 'protocol' | 'operation'>;

/** What routes there are besides those of the configuration. */
export interface PresentRoutes {
  readonly now: Date;
  readonly standing: readonly StandingRoute[];
  /** A tester's own for this one question. */
  readonly wanted?: Route | undefined;
}

/** Where nobody says anything: the old register is asked by name alone. */
const otherwise: Way = { route: 'persontjenesten', setBy: 'default' };

/**
 * Which routes hold. A tester's comes first, then one that the guard set, then one of an operator, then those of the
 * configuration. Among these the closest scope comes first: the client's, then the operation's, then the protocol's; of the same
 * scope, in the configuration, the one that holds since last, and then the one for the fewest people.
 */
export class RouteTable {
  readonly #rules: readonly RouteRule[];

  constructor(rules: readonly RouteRule[]) {
    this.#rules = rules.toSorted(
      (a, b) => closeness(b) - closeness(a) || startOf(b) - startOf(a) || shareOf(a) - shareOf(b),
    );
  }

  /** The ways a question can take, first those that come first. The last one is for everybody who is left. */
  waysOf(question: RouteQuestion, { now, standing, wanted }: PresentRoutes): readonly Way[] {
    const ways: Way[] = [];
    const add = (way: Way): boolean => {
      ways.push(way);
      return way.percent === undefined || way.percent >= 100;
    };
    if (wanted !== undefined && add({ route: wanted, setBy: 'tester' })) return ways;
    if (standing.length > 0) {
      for (const { route, setBy, percent } of inOrder(standing.filter((one) => isFor(one, question)))) {
        if (add({ route, setBy, percent })) return ways;
      }
    }
    for (const rule of this.#rules) {
      if (!isFor(rule, question) || startOf(rule) > now.getTime()) continue;
      if (add({ route: rule.route, setBy: 'rule', percent: rule.percent })) return ways;
    }
    ways.push(otherwise);
    return ways;
  }
}

/**
 * The way of somebody among those that there are.
 * @param place where a person stands among a hundred, from 0 to below 100; undefined for what is about nobody, which goes with
 * everybody else
 */
export function wayOf(ways: readonly Way[], place: (() => number) | undefined): Way {
  let known: number | undefined;
  for (const way of ways) {
    if (way.percent === undefined || way.percent >= 100) return way;
    if (place === undefined) continue;
    known ??= place();
    if (known < way.percent) return way;
  }
  return otherwise;
}

/** Whether a scope has a question in it. */
export function isFor({ clientId, protocol, operation }: RouteScope, question: RouteQuestion): boolean {
  return (
    (clientId === undefined || clientId === question.clientId) &&
    (protocol === undefined || protocol === question.protocol) &&
    (operation === undefined || operation === question.operation)
  );
}

function inOrder(standing: readonly StandingRoute[]): readonly StandingRoute[] {
  return standing.toSorted(
    (a, b) =>
      Number(b.setBy === 'guard') - Number(a.setBy === 'guard') ||
      closeness(b) - closeness(a) ||
      shareOf(a) - shareOf(b) ||
      b.at.getTime() - a.at.getTime(),
  );
}

function closeness({ clientId, protocol, operation }: RouteScope): number {
  return (
    (clientId === undefined ? 0 : 4) + (operation === undefined ? 0 : 2) + (protocol === undefined ? 0 : 1)
  );
}

function startOf({ from }: RouteRule): number {
  return from?.getTime() ?? -Infinity;
}

function shareOf({ percent }: { readonly percent?: number | undefined }): number {
  return percent ?? 100;
}
