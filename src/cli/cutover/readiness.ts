import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { packageRoot } from '../../config/package-root.js';
import type { Configuration } from '../../config/schema.js';
import {
  readinessOf,
  type ClientReadiness,
  type ReadinessLimits,
} from '../../registry/cutover/readiness/readiness.js';
import { configurationOption } from '../configuration-option.js';
import { withStore } from '../opened-store.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { version } from '../version.js';
import { comparisonDigest } from './comparison-digest.js';
import { effectiveRoutes, type EffectiveRoute } from './effective-routes.js';
import { isComparable } from './operations.js';
import { readinessCsv } from './readiness-csv.js';
import { readinessDetails, readinessTable } from './readiness-texts.js';

interface ReadinessOptions {
  readonly config: string;
  readonly client?: string;
  readonly days: number;
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** What is told of a client: how far it is, and which way its questions take now. */
export interface ReportedClient extends ClientReadiness {
  readonly isConfigured: boolean;
  readonly routes: readonly EffectiveRoute[];
}

/** What the report is about. */
export interface ReadinessReport {
  readonly at: Date;
  readonly days: number;
  readonly limits: ReadinessLimits;
  readonly clients: readonly ReportedClient[];
}

/** `preg-adapter readiness`: who uses what of the register, and who can be moved. */
export function readinessCommand(surroundings: Surroundings): Command {
  return new Command('readiness')
    .summary('show who uses what of the register, and who can be moved from PREG')
    .description('Tells of no person: everything comes from what was counted.')
    .addOption(configurationOption())
    .option('-C, --client <id>', 'of this client alone, in detail')
    .option(
      '--days <number>',
      'judge what was compared in so many days, today the last of them',
      wholeNumber,
      30,
    )
    .addOption(new Option('--json', 'everything as JSON').conflicts('csv'))
    .option('--csv', 'everything as CSV')
    .action(async ({ config, client, days, json = false, csv = false }: ReadinessOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const all = await report(configuration, surroundings, days);
      const clients = all.clients.filter(({ clientId }) => clientId === (client ?? clientId));
      if (client !== undefined && clients.length === 0) {
        throw new CommandFailed(
          `There is no client ${client}; there is ${all.clients.map(({ clientId }) => clientId).join(', ')}.`,
        );
      }
      const shown = { ...all, clients };
      surroundings.output.stdout.write(
        json
          ? `${JSON.stringify(shown, null, 2)}\n`
          : csv
            ? readinessCsv(shown)
            : client === undefined
              ? readinessTable(shown)
              : readinessDetails(shown),
      );
    });
}

async function report(
  configuration: Configuration,
  surroundings: Surroundings,
  days: number,
): Promise<ReadinessReport> {
  const limits = configuration.cutover.readiness;
  const at = surroundings.clock.now();
  const configured = new Set(configuration.clients.map(({ id }) => id));
  return withStore(configuration, surroundings, (store) => {
    const routes = effectiveRoutes({ configuration, standing: store.standingRoutes.all(), now: at });
    const clients = readinessOf({
      figures: store.cutoverFigures,
      limits,
      now: at,
      days,
      clients: [...configured],
      rulesOf: comparisonDigest({
        configuration,
        folder: join(packageRoot(), 'mappings'),
        version: version(),
      }),
      isComparable,
    });
    return {
      at,
      days,
      limits,
      clients: clients.map((client) => ({
        ...client,
        isConfigured: configured.has(client.clientId),
        routes: routes.filter(({ clientId }) => clientId === client.clientId),
      })),
    };
  });
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number from 1 to 9999 is expected.');
}
