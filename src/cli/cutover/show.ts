import { Command } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { answeringSource, shadowedSource } from '../../registry/cutover/route.js';
import type { Way } from '../../registry/cutover/route-table.js';
import { configurationOption } from '../configuration-option.js';
import { withStore } from '../opened-store.js';
import type { Surroundings } from '../surroundings.js';
import { effectiveRoutes, hasPreg, type EffectiveRoute, type RouteSources } from './effective-routes.js';
import { routeTable, standingTable } from './route-texts.js';
import { requireClient } from './scope-options.js';

interface ShowOptions {
  readonly config: string;
  readonly client?: string;
  readonly json?: boolean;
}

/** `preg-adapter cutover show`: the route of each client, today and by the timetable. */
export function showCommand(surroundings: Surroundings): Command {
  return new Command('show')
    .summary('show the route of each client and protocol, now and by the timetable')
    .addOption(configurationOption())
    .option('-C, --client <id>', 'of this client alone')
    .option('--json', 'as JSON')
    .action(async ({ config, client, json = false }: ShowOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      if (client !== undefined) requireClient(configuration.clients, client);
      const all = await withStore(configuration, surroundings, (store) => store.standingRoutes.all());
      const standing = all.filter(
        ({ clientId }) => clientId === undefined || clientId === (client ?? clientId),
      );
      const sources = { configuration, standing, now: surroundings.clock.now() };
      const routes = effectiveRoutes(sources).filter(({ clientId }) => clientId === (client ?? clientId));
      surroundings.output.stdout.write(json ? asJson(routes, sources) : asText(routes, sources));
    });
}

function asText(routes: readonly EffectiveRoute[], { configuration, standing }: RouteSources): string {
  return [
    ...(hasPreg(configuration)
      ? []
      : ['There is no PREG in the configuration (cutover.preg): Persontjenesten answers everybody.\n']),
    routeTable(routes),
    ...(standing.length === 0 ? [] : [`Set while the adapter ran:\n${standingTable(standing)}`]),
  ].join('\n');
}

function asJson(routes: readonly EffectiveRoute[], { configuration, standing, now }: RouteSources): string {
  const content = {
    at: now,
    preg: hasPreg(configuration),
    routes: routes.map(({ ways, next, ...route }) => ({
      ...route,
      ways: ways.map(described),
      later: next.map((later) => ({ from: later.from, ways: later.ways.map(described) })),
    })),
    standing,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function described({ route, setBy, percent }: Way) {
  return { route, percent, setBy, answers: answeringSource(route), compares: shadowedSource(route) };
}
