import { routes, type Route } from '../registry/cutover/route.js';

/** The header by which a tester asks for a route for one call, in lower case as Node gives headers (docs/cutover.md). */
export const WANTED_ROUTE_HEADER = 'x-preg-adapter-route';

/** The route that the headers of a request ask for; undefined where they ask for none, or for none that there is. */
export function wantedRoute(headers: Readonly<Record<string, string | undefined>>): Route | undefined {
  const wanted = headers[WANTED_ROUTE_HEADER]?.trim();
  return routes.find((route) => route === wanted);
}
