import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { routes, type Route, type RouteScope, type StandingRoute } from '../../registry/cutover/route.js';
import { doOverlap, endedBySetting, isForSome, isWithin } from '../../registry/cutover/standing-change.js';
import { configurationOption } from '../configuration-option.js';
import { operatorEntry } from '../operator-entry.js';
import { withStore } from '../opened-store.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { effectiveRoutes, type RouteSources } from './effective-routes.js';
import { requirePossible } from './possible-route.js';
import { minuteOf, routeTable, scopeText, wayText } from './route-texts.js';
import { scopeIn, withScopeOptions, type ScopeOptions } from './scope-options.js';

interface SetOptions extends ScopeOptions {
  readonly config: string;
  readonly route: Route;
  readonly percent?: number;
  readonly release?: boolean;
}

/** `preg-adapter cutover set`: sets a route, at once and in all processes on the store. */
export function setRouteCommand(surroundings: Surroundings): Command {
  const { clock, output } = surroundings;
  return withScopeOptions(new Command('set'))
    .summary('set the route of a client, at once and without a restart')
    .description(
      'The route holds until it is set anew or cleared, in front of those of the configuration and its timetable.\n' +
        'With --percent it stands beside the route for the others, whom it never moves; without, it replaces both.\n' +
        'What the guard set for the same or a part of it ends, of single clients only with --release.',
    )
    .addOption(configurationOption())
    .addOption(new Option('-r, --route <route>', 'who answers').choices([...routes]).makeOptionMandatory())
    .option('--percent <number>', 'for so many of a hundred people alone, always the same ones', percentage)
    .option('--release', 'with --all-clients: also end what the guard set for single clients')
    .action(async ({ config, route, percent, release = false, ...options }: SetOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const scope = scopeIn(options);
      if (release && scope.clientId !== undefined) {
        throw new CommandFailed(
          '--release goes with --all-clients: a route of one client ends its hold anyway.',
        );
      }
      const way = { route, ...(percent === undefined || percent === 100 ? {} : { percent }) };
      const set: StandingRoute = { ...scope, ...way, setBy: 'operator', at: clock.now() };
      const setting = { releasing: release };
      const { ended, standing } = await withStore(configuration, surroundings, (store) => {
        const before = store.standingRoutes.all();
        requirePossible(set, { configuration, standing: before, now: clock.now() }, setting);
        const holds = endedBySetting(before, set, setting);
        store.audit.record([
          operatorEntry(surroundings, 'cutover set', { scope, route: way }),
          ...holds.map((hold) => operatorEntry(surroundings, 'cutover release', { scope: scopeOf(hold) })),
        ]);
        store.standingRoutes.set(set, setting);
        return { ended: holds, standing: store.standingRoutes.all() };
      });
      const sources = { configuration, standing, now: clock.now() };
      output.stdout.write(`${scopeText(scope)}: ${wayText(set)} from now on.\n\n${tableOf(set, sources)}`);
      for (const notice of [...endings(set, ended), ...notices(set, standing)])
        output.stderr.write(`${notice}\n`);
    });
}

function tableOf({ clientId, protocol }: StandingRoute, sources: RouteSources): string {
  return routeTable(
    effectiveRoutes(sources).filter(
      (one) => one.clientId === (clientId ?? one.clientId) && one.protocol === (protocol ?? one.protocol),
    ),
  );
}

/** The holds of the guard that are over. */
function endings(set: StandingRoute, ended: readonly StandingRoute[]): readonly string[] {
  const goesOn = isForSome(set) ? ' It goes on for the others, set by you.' : '';
  return ended.map((hold) => `Ended: ${whatWasSet(hold)}.${goesOn}`);
}

/** What an operator may not expect. */
function notices(set: StandingRoute, standing: readonly StandingRoute[]): readonly string[] {
  const others = standing.filter((one) => one.setBy === 'guard' || one.at.getTime() !== set.at.getTime());
  return others.flatMap((other) => {
    if (other.setBy === 'guard') {
      if (!doOverlap(set, other)) return [];
      const way = isWithin(other, set) ? '--release' : `"cutover clear" for ${scopeText(other)}`;
      return [`Not followed: ${whatWasSet(other)}, goes first. ${way} ends that.`];
    }
    const isCloser = isWithin(other, set) && !isWithin(set, other);
    return isCloser ? [`Except for ${whatWasSet(other)}.`] : [];
  });
}

function whatWasSet(route: StandingRoute): string {
  return `${scopeText(route)}: ${wayText(route)}, set by the ${route.setBy} at ${minuteOf(route.at)} UTC`;
}

function scopeOf({ clientId, protocol, operation }: StandingRoute): RouteScope {
  return { clientId, protocol, operation };
}

function percentage(text: string): number {
  const percent = Number(text);
  if (/^\d{1,3}$/.test(text) && percent >= 1 && percent <= 100) return percent;
  throw new InvalidArgumentError('A whole number from 1 to 100 is expected.');
}
