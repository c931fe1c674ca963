import type { Configuration } from '../../config/schema.js';
import type { RouteScope, StandingRoute } from '../../registry/cutover/route.js';
import { rulesOf } from '../../registry/cutover/route-rules.js';
import { RouteTable } from '../../registry/cutover/route-table.js';
import { afterSetting, type Setting } from '../../registry/cutover/standing-change.js';
import { CommandFailed } from '../report.js';
import { hasPreg, type RouteSources } from './effective-routes.js';
import { requireScope } from './scope-options.js';

/**
 * A route that leads somewhere, for everybody.
 * @throws CommandFailed for one to a PREG that is not there or not for these clients, or for some of a hundred people where
 * nothing says what becomes of the others
 */
export function requirePossible(route: StandingRoute, sources: RouteSources, setting: Setting = {}): void {
  const { configuration } = sources;
  requireScope(configuration, route);
  requirePreg(sources, route);
  requireWayForOthers(route, sources, setting);
}

function requirePreg({ configuration, standing }: RouteSources, { route, ...scope }: StandingRoute): void {
  if (!hasPreg(configuration)) {
    throw new CommandFailed(
      'There is no PREG in the configuration (cutover.preg): Persontjenesten answers everybody, and nothing can be set.',
    );
  }
  const { preg } = configuration.cutover;
  // The sandbox has accounts for all, and both services.
  if (route === 'persontjenesten' || preg === undefined || configuration.sandbox?.preg !== undefined) return;
  // What is set for all leads nobody who has a route of their own that was set, too.
  const keptBack = new Set(standing.filter(isForOneWhole).map(({ clientId }) => clientId));
  const asking = clientsIn(configuration, scope).filter(
    ({ id }) => scope.clientId !== undefined || !keptBack.has(id),
  );
  const accounts = new Set(preg.accounts.map(({ client }) => client));
  const strangers = asking.filter(({ id }) => !accounts.has(id)).map(({ id }) => id);
  if (strangers.length > 0) {
    throw new CommandFailed(
      `There is no account at PREG (cutover.preg.accounts) for ${strangers.join(', ')}; nothing was set.` +
        (scope.clientId === undefined
          ? ' Give them a route of their own first: cutover set --client … --route persontjenesten.'
          : ''),
    );
  }
  const spoken = asking.flatMap(({ protocols }) => protocols);
  const isSpoken = (isHl7v3: boolean): boolean =>
    spoken.some(
      (protocol) => (protocol === 'hl7v3') === isHl7v3 && (scope.protocol ?? protocol) === protocol,
    );
  const missing = [
    ...(isSpoken(true) && preg.hl7v3Url === undefined ? ['hl7v3Url'] : []),
    ...(isSpoken(false) && preg.pregXmlUrl === undefined ? ['pregXmlUrl'] : []),
  ];
  if (missing.length > 0) {
    throw new CommandFailed(
      `PREG cannot be asked for this: the configuration has no cutover.preg.${missing.join(' and no cutover.preg.')}.`,
    );
  }
}

/** Whether a route is set for all that one client asks. */
function isForOneWhole({ setBy, clientId, protocol, operation, percent }: StandingRoute): boolean {
  const isPart = protocol !== undefined || operation !== undefined || percent !== undefined;
  return setBy === 'operator' && clientId !== undefined && !isPart;
}

/** Whoever is not among the hundred must not move by default. */
function requireWayForOthers(
  route: StandingRoute,
  { configuration, standing, now }: RouteSources,
  setting: Setting,
): void {
  const { percent, protocol, operation } = route;
  if (percent === undefined || percent >= 100) return;
  const table = new RouteTable(rulesOf(configuration.cutover.routes));
  const after = afterSetting(standing, route, setting);
  const lost = clientsIn(configuration, route).filter(({ id, protocols }) =>
    protocols.some((spoken) => {
      if (protocol !== undefined && protocol !== spoken) return false;
      const ways = table.waysOf({ clientId: id, protocol: spoken, operation }, { now, standing: after });
      return ways.at(-1)?.setBy === 'default';
    }),
  );
  if (lost.length === 0) return;
  throw new CommandFailed(
    `Nothing says where the other ${100 - percent} % of ${lost.map(({ id }) => id).join(', ')} go, so that they would move too. ` +
      'Set a route without --percent first, or put one into cutover.routes.',
  );
}

function clientsIn({ clients }: Configuration, { clientId, protocol }: RouteScope): Configuration['clients'] {
  return clients.filter(
    ({ id, enabled, protocols }) =>
      (clientId === undefined ? enabled : id === clientId) &&
      (protocol === undefined || protocols.includes(protocol)),
  );
}
