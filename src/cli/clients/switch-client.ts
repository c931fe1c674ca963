import { Command } from 'commander';
import { withClientSwitched } from '../../config/edited-clients.js';
import { configurationText, loadConfiguration } from '../../config/load.js';
import type { Configuration } from '../../config/schema.js';
import { configurationOption } from '../configuration-option.js';
import { requireClient } from '../cutover/scope-options.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { changeClients, editedText, WHEN_IT_HOLDS } from './changed-clients.js';

/** `preg-adapter clients enable` and `disable`: lets a client in again, or shuts it out without losing its settings. */
export function switchClientCommand(to: 'enable' | 'disable', surroundings: Surroundings): Command {
  const enabled = to === 'enable';
  return new Command(to)
    .argument('<id>', 'one of clients[]')
    .summary(enabled ? 'let a client in again' : 'shut a client out, without losing its settings')
    .description(
      `Sets clients[].enabled to ${enabled} in the configuration, which stays as it is otherwise, comments included.\n` +
        'The whole configuration is checked before it is written, and the change is audited.',
    )
    .addOption(configurationOption())
    .action(async (id: string, { config }: { config: string }) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const { output } = surroundings;
      if (requireClient(configuration.clients, id).enabled === enabled) {
        output.stdout.write(`Client ${id} is ${to}d in ${config} already.\n`);
        return;
      }
      const before = configurationText(config);
      await changeClients(
        {
          config,
          operation: `clients ${to}`,
          clientId: id,
          before,
          draft: editedText(config, () => withClientSwitched(before, id, enabled)),
          requireOf: (next) => {
            requireSwitched(next, id, enabled);
          },
        },
        surroundings,
      );
      output.stdout.write(`Client ${id} is ${to}d in ${config}. ${WHEN_IT_HOLDS}\n`);
    });
}

function requireSwitched({ clients }: Configuration, id: string, enabled: boolean): void {
  if (clients.find((client) => client.id === id)?.enabled === enabled) return;
  throw new CommandFailed(
    `The environment sets clients[].enabled of ${id} (PREG_ADAPTER__CLIENTS__…), so that the file does not decide: nothing was written.`,
  );
}
