import { Option, type Command } from 'commander';
import { protocols, type Protocol } from '../../access/legacy-client.js';
import type { Configuration } from '../../config/schema.js';
import type { RouteScope } from '../../registry/cutover/route.js';
import { CommandFailed } from '../report.js';
import { operationsOf } from './operations.js';

/** The options that say which questions a route is for. */
export interface ScopeOptions {
  readonly client?: string;
  readonly allClients?: boolean;
  readonly protocol?: Protocol;
  readonly operation?: string;
}

/** Adds them to a command. */
export function withScopeOptions(command: Command): Command {
  return command
    .option('-C, --client <id>', 'one of clients[]')
    .option('--all-clients', 'all clients that have no route of their own')
    .addOption(
      new Option('-p, --protocol <name>', 'what it asks by this protocol alone').choices([...protocols]),
    )
    .option('-o, --operation <name>', 'this operation alone, as the audit trail names it');
}

/** What the options say. @throws CommandFailed where they name neither a client nor all of them */
export function scopeIn({ client, allClients = false, protocol, operation }: ScopeOptions): RouteScope {
  if ((client === undefined) !== allClients) {
    throw new CommandFailed('Name a client by --client, or all by --all-clients.');
  }
  return { clientId: client, protocol, operation };
}

/** @throws CommandFailed for a scope that nothing can be asked in */
export function requireScope(
  { clients }: Configuration,
  { clientId, protocol, operation }: RouteScope,
): void {
  const client = clientId === undefined ? undefined : requireClient(clients, clientId);
  if (client !== undefined && protocol !== undefined && !client.protocols.includes(protocol)) {
    throw new CommandFailed(`${client.id} does not speak ${protocol}, but ${client.protocols.join(', ')}.`);
  }
  if (operation === undefined) return;
  const spoken = protocol === undefined ? (client?.protocols ?? protocols) : [protocol];
  const known = [...new Set(spoken.flatMap((name) => operationsOf[name]))];
  if (!known.includes(operation)) {
    throw new CommandFailed(`There is no operation ${operation}; there is ${known.join(', ')}.`);
  }
}

/** The client of that id. @throws CommandFailed that names those that there are */
export function requireClient(
  clients: Configuration['clients'],
  id: string,
): Configuration['clients'][number] {
  const client = clients.find((one) => one.id === id);
  if (client !== undefined) return client;
  throw new CommandFailed(`There is no client ${id}; there is ${clients.map((one) => one.id).join(', ')}.`);
}
