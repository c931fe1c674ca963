import { protocols, type Protocol } from '../../access/legacy-client.js';
import type { Configuration } from '../../config/schema.js';
import type { RouteScope, StandingRoute } from '../../registry/cutover/route.js';
import { rulesOf } from '../../registry/cutover/route-rules.js';
import { isFor, RouteTable, type Way } from '../../registry/cutover/route-table.js';
import { operationsOf } from './operations.js';

/** The routes that hold for what a client asks by a protocol. */
export interface EffectiveRoute {
  readonly clientId: string;
  readonly protocol: Protocol;
  /** Undefined for all that have no route of their own. */
  readonly operation: string | undefined;
  /** Those that come first stand first, the last for everybody who is left. */
  readonly ways: readonly Way[];
  /** What holds instead from later days on, by the timetable of the configuration. */
  readonly next: readonly LaterRoute[];
}

/** What holds from a day on. */
export interface LaterRoute {
  readonly from: Date;
  readonly ways: readonly Way[];
}

/** What routes are found by. */
export interface RouteSources {
  readonly configuration: Configuration;
  readonly standing: readonly StandingRoute[];
  readonly now: Date;
}

/** The settings that decide. */
type RouteSettings = Pick<Configuration, 'clients' | 'cutover' | 'sandbox'>;

/** Whether there is an old register to be asked. */
export function hasPreg({ cutover, sandbox }: RouteSettings): boolean {
  return cutover.preg !== undefined || sandbox?.preg !== undefined;
}

/** Which routes hold for each client, as the server finds them, and what the timetable has for it. */
export function effectiveRoutes(
  sources: Omit<RouteSources, 'configuration'> & { readonly configuration: RouteSettings },
): readonly EffectiveRoute[] {
  const { configuration, standing, now } = sources;
  const rules = rulesOf(configuration.cutover.routes);
  // Without PREG there is nothing to choose from, whatever is set.
  const isChosen = hasPreg(configuration);
  const table = new RouteTable(isChosen ? rules : []);
  const set = isChosen ? standing : [];
  const scopes: readonly RouteScope[] = isChosen ? [...rules, ...set] : [];
  return configuration.clients.flatMap(({ id: clientId, protocols: spoken }) =>
    spoken.flatMap((protocol) =>
      [undefined, ...operationsNamed(scopes, clientId, protocol)].map((operation) => {
        const question = { clientId, protocol, operation };
        const ways = table.waysOf(question, { now, standing: set });
        const days = rules
          .flatMap((rule) => (rule.from !== undefined && isFor(rule, question) ? [rule.from.getTime()] : []))
          .filter((from) => isChosen && from > now.getTime())
          .sort((a, b) => a - b);
        const later = [...new Set(days)].map((from) => ({
          from: new Date(from),
          ways: table.waysOf(question, { now: new Date(from), standing: set }),
        }));
        return { ...question, ways, next: changes(ways, later) };
      }),
    ),
  );
}

/** Operations that somebody thought of when setting a route which is for this client and protocol. */
function operationsNamed(
  scopes: readonly RouteScope[],
  clientId: string,
  protocol: Protocol,
): readonly string[] {
  const names = scopes.flatMap(({ operation, ...scope }) =>
    operation !== undefined && isFor(scope, { clientId, protocol }) ? [operation] : [],
  );
  return [...new Set(names)].filter((name) => isOf(name, protocol)).sort();
}

/** Whether an operation may be one of a protocol: an unknown one may be anybody's. */
function isOf(operation: string, protocol: Protocol): boolean {
  const owners = protocols.filter((one) => operationsOf[one].includes(operation));
  return owners.length === 0 || owners.includes(protocol);
}

function changes(present: readonly Way[], later: readonly LaterRoute[]): readonly LaterRoute[] {
  let before = JSON.stringify(present);
  return later.filter(({ ways }) => {
    const now = JSON.stringify(ways);
    const isNew = now !== before;
    before = now;
    return isNew;
  });
}
