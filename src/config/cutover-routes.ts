import type { Protocol } from '../access/legacy-client.js';
import type { Route } from '../registry/cutover/route.js';
import { formatPath, type ConfigurationProblem } from './problems.js';

/** A route as the file has it. */
export interface WrittenRoute {
  readonly client?: string | undefined;
  readonly protocol?: Protocol | undefined;
  readonly operation?: string | undefined;
  readonly route: Route;
  readonly percent?: number | undefined;
  /** `YYYY-MM-DD`. */
  readonly from?: string | undefined;
}

/** What routes demand of one another: which of them holds is never a matter of chance. Those that are malformed are undefined. */
export function routeProblems(written: readonly (WrittenRoute | undefined)[]): ConfigurationProblem[] {
  return written.flatMap((route, index) =>
    route === undefined
      ? []
      : [
          ...repeated(written, route, index),
          ...forOthers(written, route, index),
          ...untilThen(written, route, index),
        ],
  );
}

function repeated(
  written: readonly (WrittenRoute | undefined)[],
  route: WrittenRoute,
  index: number,
): ConfigurationProblem[] {
  const first = written.findIndex(
    (other) =>
      other !== undefined &&
      other.client === route.client &&
      other.protocol === route.protocol &&
      other.operation === route.operation &&
      isForAll(other) === isForAll(route) &&
      (isForAll(route) || other.percent === route.percent) &&
      other.from === route.from,
  );
  if (first === index) return [];
  return [
    {
      path: formatPath(['cutover', 'routes', index]),
      found: `a route for the same as ${formatPath(['cutover', 'routes', first])}, from the same day on`,
      expected: 'one of them',
    },
  ];
}

/** Whoever is not among the hundred goes by another route, and not by default to where only some were meant to go. */
function forOthers(
  written: readonly (WrittenRoute | undefined)[],
  route: WrittenRoute,
  index: number,
): ConfigurationProblem[] {
  if (isForAll(route)) return [];
  const isThere = written.some(
    (other) =>
      other !== undefined &&
      isForAll(other) &&
      (other.from === undefined || (route.from !== undefined && other.from <= route.from)) &&
      covers(other, route),
  );
  if (isThere) return [];
  return [
    {
      path: formatPath(['cutover', 'routes', index, 'percent']),
      found: `${route.percent ?? 100} without a route for the others`,
      expected: 'a route without percent beside it, for the same or for more, from the same day on or before',
    },
  ];
}

/** Until the first day of a timetable there is a route too, and nobody is moved today by a line that is about a later day. */
function untilThen(
  written: readonly (WrittenRoute | undefined)[],
  route: WrittenRoute,
  index: number,
): ConfigurationProblem[] {
  if (route.from === undefined) return [];
  const isThere = written.some(
    (other) => other !== undefined && isForAll(other) && other.from === undefined && covers(other, route),
  );
  if (isThere) return [];
  return [
    {
      path: formatPath(['cutover', 'routes', index, 'from']),
      found: `${route.from} without a route until then`,
      expected:
        'a route without from and without percent beside it, for the same or for more (such as route: preg), ' +
        'since Persontjenesten alone would answer until that day',
    },
  ];
}

/** Whether a route is for all that another one is for. */
function covers(other: WrittenRoute, route: WrittenRoute): boolean {
  return (
    (other.client ?? route.client) === route.client &&
    (other.protocol ?? route.protocol) === route.protocol &&
    (other.operation ?? route.operation) === route.operation
  );
}

/** Whether a route is for everybody whom it fits. */
export function isForAll({ percent }: WrittenRoute): boolean {
  return percent === undefined || percent >= 100;
}
