import { Command } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import type { RouteScope } from '../../registry/cutover/route.js';
import { isSameScope, isWithin } from '../../registry/cutover/standing-change.js';
import { configurationOption } from '../configuration-option.js';
import { operatorEntry } from '../operator-entry.js';
import { withStore } from '../opened-store.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { effectiveRoutes } from './effective-routes.js';
import { routeTable, scopeText } from './route-texts.js';
import { scopeIn, withScopeOptions, type ScopeOptions } from './scope-options.js';

interface ClearOptions extends ScopeOptions {
  readonly config: string;
  readonly within?: boolean;
}

/** `preg-adapter cutover clear`: ends what an operator or the guard set. */
export function clearRouteCommand(surroundings: Surroundings): Command {
  const { clock, output } = surroundings;
  return withScopeOptions(new Command('clear'))
    .summary('end a route that was set, by whomever: the configuration holds again')
    .description('Also for a client that is in the configuration no more.')
    .addOption(configurationOption())
    .option('--within', 'also routes for a part of it, such as one operation of the client')
    .action(async ({ config, within = false, ...options }: ClearOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const scope = scopeIn(options);
      const standing = await withStore(configuration, surroundings, (store) => {
        const present = store.standingRoutes.all();
        const ended = distinct(present.filter((one) => (within ? isWithin : isSameScope)(one, scope)));
        if (ended.length === 0) throw new CommandFailed(nothingSet(scope, present));
        for (const one of ended) {
          store.audit.record([operatorEntry(surroundings, 'cutover clear', { scope: one })]);
          store.standingRoutes.clear(one);
          output.stdout.write(`${scopeText(one)}: cleared.\n`);
        }
        return store.standingRoutes.all();
      });
      const { clientId } = scope;
      const routes = effectiveRoutes({ configuration, standing, now: clock.now() });
      const touched = routes.filter((route) => route.clientId === (clientId ?? route.clientId));
      if (touched.length > 0) output.stdout.write(`\n${routeTable(touched)}`);
    });
}

/** Each scope once, whether the operator, the guard or both have set it. */
function distinct(scopes: readonly RouteScope[]): readonly RouteScope[] {
  const each = scopes.map(({ clientId, protocol, operation }) => ({ clientId, protocol, operation }));
  return each.filter((one, index) => each.findIndex((other) => isSameScope(one, other)) === index);
}

function nothingSet(scope: RouteScope, present: readonly RouteScope[]): string {
  const parts = distinct(present.filter((one) => isWithin(one, scope)));
  const known = distinct(present);
  if (parts.length > 0) {
    return `Nothing was set for ${scopeText(scope)} as a whole, but for ${parts.map(scopeText).join('; ')}: --within clears that.`;
  }
  const others = known.length === 0 ? '' : ` There is a route for ${known.map(scopeText).join('; ')}.`;
  return `Nothing was set for ${scopeText(scope)}.${others}`;
}
