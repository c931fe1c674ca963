import { Command } from 'commander';
import type { Surroundings } from '../surroundings.js';
import { addClientCommand } from './add-client.js';
import { listClientsCommand } from './list-clients.js';
import { showClientCommand } from './show-client.js';
import { switchClientCommand } from './switch-client.js';

/** `preg-adapter clients`: the systems that may ask. */
export function clientsCommand(surroundings: Surroundings): Command {
  const clients = new Command('clients').summary('list, add, enable and disable the systems that may ask');
  for (const command of [
    listClientsCommand(surroundings),
    showClientCommand(surroundings),
    addClientCommand(surroundings),
    switchClientCommand('enable', surroundings),
    switchClientCommand('disable', surroundings),
  ]) {
    clients.addCommand(command);
  }
  return clients;
}
