import { protocols } from '../../access/legacy-client.js';
import { ConfigurationError, formatPath, nearest, type ConfigurationProblem } from '../../config/problems.js';
import type { Configuration } from '../../config/schema.js';
import { clientOperationProblems } from '../clients/client-operations.js';
import { operationsOf } from './operations.js';

/** Operations in the routes of the configuration that nobody asks by, so that the route would do nothing. */
export function routeOperationProblems({ cutover }: Configuration): readonly ConfigurationProblem[] {
  return cutover.routes.flatMap(({ protocol, operation }, index): ConfigurationProblem[] => {
    if (operation === undefined) return [];
    const known = (protocol === undefined ? protocols : [protocol]).flatMap((one) => operationsOf[one]);
    if (known.includes(operation)) return [];
    const guess = nearest(operation, known);
    return [
      {
        path: formatPath(['cutover', 'routes', index, 'operation']),
        found: JSON.stringify(operation),
        expected: guess === undefined ? `one of ${known.join(', ')}` : `perhaps ${guess}`,
      },
    ];
  });
}

/** The same configuration. @throws ConfigurationError for operations of routes and clients that nobody asks by */
export function withKnownOperations(configuration: Configuration): Configuration {
  const problems = [...routeOperationProblems(configuration), ...clientOperationProblems(configuration)];
  if (problems.length > 0) throw new ConfigurationError('the settings', problems);
  return configuration;
}

/**
 * Routes that still ask PREG after the day from which on everybody is led to Persontjenesten alone, one sentence each: a closer
 * scope holds before a wider one, whatever the day.
 */
export function routesAfterTheEnd({ cutover }: Configuration): readonly string[] {
  const { routes } = cutover;
  const end = routes
    .filter(
      ({ client, protocol, operation, percent, route }) =>
        route === 'persontjenesten' &&
        [client, protocol, operation, percent].every((limit) => limit === undefined),
    )
    .flatMap(({ from }) => (from === undefined ? [] : [from]))
    .sort()
    .at(-1);
  if (end === undefined) return [];
  return routes.flatMap((route, index) => {
    const { client, protocol, operation } = route;
    const isClose = [client, protocol, operation].some((limit) => limit !== undefined);
    if (!isClose || route.route === 'persontjenesten') return [];
    const isReplaced = routes.some(
      (later) =>
        later.client === client &&
        later.protocol === protocol &&
        later.operation === operation &&
        later.percent === undefined &&
        later.from !== undefined &&
        later.from <= end &&
        later.from > (route.from ?? ''),
    );
    if (isReplaced) return [];
    const place = formatPath(['cutover', 'routes', index]);
    return [`${place} leads to PREG also after ${end}, when all others go to Persontjenesten alone`];
  });
}
