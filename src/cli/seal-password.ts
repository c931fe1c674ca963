import { Command } from 'commander';
import { loadSealingSettings, type SealingSettings } from '../config/load.js';
import type { Random } from '../runtime/random.js';
import { sealClientSecret } from '../store/client-secrets.js';
import { loadOrCreateKeys } from '../store/key-files.js';
import { Sealer, type SealingKey } from '../store/sealer.js';
import { configurationOption } from './configuration-option.js';
import { CommandFailed } from './report.js';
import { readPassword } from './secret-input.js';
import type { Surroundings } from './surroundings.js';

/** `preg-adapter seal-password`: turns a password into what `clients[].sealedPassword` holds. */
export function sealPasswordCommand({ input, output, environment, random }: Surroundings): Command {
  return new Command('seal-password')
    .summary('seal a password for clients[].sealedPassword')
    .description(
      'Reads a password and prints it sealed with the first of store.sealingKeys, ready to paste into ' +
        'clients[].sealedPassword, for a client that sends PasswordDigest. On a terminal it asks twice and shows ' +
        'nothing; otherwise it reads one line from standard input, so that the password lands in no shell history. ' +
        'Of the configuration it needs only the keys; with a sandbox, those in its data folder.',
    )
    .addOption(configurationOption())
    .addHelpText('after', '\nExample:\n  preg-adapter seal-password --config hospital.yaml < password.txt')
    .action(async ({ config }: { config: string }) => {
      const keys = sealingKeys(loadSealingSettings({ file: config, environment }), random);
      const sealed = sealClientSecret(await readPassword(input), new Sealer(keys, random));
      output.stdout.write(`${sealed}\n`);
    });
}

/** The keys that passwords are sealed with. @throws CommandFailed where there are none */
export function sealingKeys(
  { store, sandbox, data }: SealingSettings,
  random: Random,
): readonly SealingKey[] {
  if (store !== undefined) return store.sealingKeys;
  if (sandbox !== undefined) return loadOrCreateKeys(data.directory, random).sealingKeys;
  throw new CommandFailed('The configuration has no store.sealingKeys to seal with.');
}
