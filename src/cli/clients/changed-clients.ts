import { rmSync } from 'node:fs';
import { NotEditable } from '../../config/edited-clients.js';
import { configurationText } from '../../config/load.js';
import type { Configuration } from '../../config/schema.js';
import { checkedConfiguration } from '../checked-configuration.js';
import { withStore } from '../opened-store.js';
import { operatorEntry } from '../operator-entry.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { replaceText, writeSecret } from './written-file.js';

/** A change of one client in the file of the configuration. */
export interface ClientChange {
  readonly config: string;
  /** As the audit trail has it. */
  readonly operation: 'clients add' | 'clients enable' | 'clients disable';
  readonly clientId: string;
  readonly before: string;
  /** The text to be, with a secret in it where that goes into a file of its own: it is judged before anything is written. */
  readonly draft: string;
  readonly secret?: { readonly file: string; readonly text: string; readonly after: string } | undefined;
  /** What else has to hold. @throws CommandFailed */
  readonly requireOf: (next: Configuration) => void;
}

/**
 * Makes the change: the whole configuration as it will be is checked, the change put on record, and then the file replaced in
 * one step. Nothing is left behind of a change that does not come about but its entries.
 * @throws ConfigurationError, UnusableSecret, CommandFailed, StoreUnavailable
 */
export async function changeClients(change: ClientChange, surroundings: Surroundings): Promise<void> {
  const { config, before, draft, secret, requireOf } = change;
  const { environment, clock, random } = surroundings;
  const judge = (text: string): Promise<Configuration> =>
    checkedConfiguration({ file: config, text, environment, clock }, random);
  const next = await judge(draft);
  requireOf(next);
  if (secret !== undefined) {
    writeSecret(secret.file, { text: secret.text, configuration: config, random });
  }
  try {
    // With the secret where it lies now.
    if (secret !== undefined) requireOf(await judge(secret.after));
    await recorded(change, next, surroundings, () => {
      replaceText(config, { before, after: secret?.after ?? draft, random });
    });
  } catch (error) {
    // Where the change came about nevertheless, such as when the disk failed behind it, the secret is needed.
    if (secret !== undefined && configurationText(config) !== secret.after) {
      rmSync(secret.file, { force: true });
    }
    throw error;
  }
}

function recorded(
  { operation, clientId }: ClientChange,
  next: Configuration,
  surroundings: Surroundings,
  write: () => void,
): Promise<void> {
  const client = `clients[${clientId}]`;
  const settings = [operation === 'clients add' ? client : `${client}.enabled`];
  const deed = { scope: { clientId }, settings };
  return withStore(next, surroundings, ({ audit }) => {
    audit.record([operatorEntry(surroundings, operation, deed)]);
    try {
      write();
    } catch (error) {
      audit.record([operatorEntry(surroundings, operation, { ...deed, outcome: 'refused' })]);
      throw error;
    }
  });
}

/** The text with a change in it. @throws CommandFailed where the file has to be edited by hand */
export function editedText(config: string, edit: () => string): string {
  try {
    return edit();
  } catch (error) {
    if (!(error instanceof NotEditable)) throw error;
    throw new CommandFailed(`${config} has to be changed by hand: ${error.reason}.`);
  }
}

/** When a change of the file holds. */
export const WHEN_IT_HOLDS =
  'It holds when the adapter reads its configuration again: send it SIGHUP (systemctl reload preg-adapter), or restart it.';
