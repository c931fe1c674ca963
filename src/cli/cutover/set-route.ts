import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { routes, type Route, type StandingRoute } from '../../registry/cutover/route.js';
import { configurationOption } from '../configuration-option.js';
import { operatorEntry } from '../operator-entry.js';
import { withStore } from '../opened-store.js';
import type { Surroundings } from '../surroundings.js';
import { effectiveRoutes, type RouteSources } from './effective-routes.js';
import { isWithin, requirePossible } from './possible-route.js';
import { minuteOf, routeTable, scopeText, wayText } from './route-texts.js';
import { scopeIn, withScopeOptions, type ScopeOptions } from './scope-options.js';

interface SetOptions extends ScopeOptions {
  readonly config: string;
  readonly route: Route;
  readonly percent?: number;
}

/** `preg-adapter cutover set`: sets a route, at once and in all processes on the store. */
export function setRouteCommand(surroundings: Surroundings): Command {
  const { clock, output } = surroundings;
  return withScopeOptions(new Command('set'))
    .summary('set the route of a client, at once and without a restart')
    .description(
      'The route holds until it is set anew or cleared, in front of those of the configuration and its timetable.\n' +
        'What the guard set for the same or a part of it ends.',
    )
    .addOption(configurationOption())
    .addOption(new Option('-r, --route <route>', 'who answers').choices([...routes]).makeOptionMandatory())
    .option('--percent <number>', 'for so many of a hundred people alone, always the same ones', percentage)
    .action(async ({ config, route, percent, ...options }: SetOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const scope = scopeIn(options);
      const set: StandingRoute = { ...scope, route, percent, setBy: 'operator', at: clock.now() };
      const standing = await withStore(configuration, surroundings, (store) => {
        const present = { configuration, standing: store.standingRoutes.all(), now: clock.now() };
        requirePossible(set, present);
        const way = { route, ...(percent === undefined ? {} : { percent }) };
        store.audit.record([operatorEntry(surroundings, 'cutover set', { scope, route: way })]);
        store.standingRoutes.set(set);
        return store.standingRoutes.all();
      });
      const sources = { configuration, standing, now: clock.now() };
      output.stdout.write(`${scopeText(scope)}: ${wayText(set)} from now on.\n\n${tableOf(set, sources)}`);
      for (const notice of notices(set, sources)) output.stderr.write(`${notice}\n`);
    });
}

function tableOf({ clientId, protocol }: StandingRoute, sources: RouteSources): string {
  return routeTable(
    effectiveRoutes(sources).filter(
      (one) => one.clientId === (clientId ?? one.clientId) && one.protocol === (protocol ?? one.protocol),
    ),
  );
}

/** What an operator may not expect. */
function notices(set: StandingRoute, { standing }: RouteSources): readonly string[] {
  const others = standing.filter((one) => one.setBy === 'guard' || one.at.getTime() !== set.at.getTime());
  return others.flatMap((other) => {
    const what = `${scopeText(other)}: ${wayText(other)}, set by the ${other.setBy} at ${minuteOf(other.at)} UTC`;
    if (other.setBy === 'guard' && isWithin(set, other)) {
      return [`Not followed: ${what}, goes first. "cutover clear" for that ends it.`];
    }
    const isCloser = isWithin(other, set) && !isWithin(set, other);
    return isCloser ? [`Except for ${what}.`] : [];
  });
}

function percentage(text: string): number {
  const percent = Number(text);
  if (/^\d{1,3}$/.test(text) && percent >= 1 && percent <= 100) return percent;
  throw new InvalidArgumentError('A whole number from 1 to 100 is expected.');
}
