import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { conditionOf, copyDatabase, stepsToCome } from '../../store/backup/database-copy.js';
import { OWN_FILE_PREFIX } from '../../store/data-directory.js';
import { openDatabase } from '../../store/database.js';
import { configurationOption } from '../configuration-option.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';

/** `preg-adapter check-store`: looks the database through, and tries what the next start would do to it on a copy. */
export function checkStoreCommand(surroundings: Surroundings): Command {
  const { stdout } = surroundings.output;
  return new Command('check-store')
    .summary('look the database through, and try an upgrade on a copy of it')
    .description(
      'Also beside a running server, of an older version, too. The store is not changed. Where this version would change the\n' +
        'schema, it does so on a copy first, which takes as much room in data.directory as the database does and is deleted again.',
    )
    .addOption(configurationOption())
    .action(async ({ config }: { config: string }) => {
      const { directory } = loadConfiguration({ ...surroundings, file: config }).data;
      const steps = await stepsToCome(directory);
      const { schema, faults } = await conditionOf(directory);
      if (faults.length > 0) {
        throw new CommandFailed(`The database is damaged: ${faults.join('; ')}. Restore a backup.`);
      }
      stdout.write(`The database is whole, at schema version ${schema}.\n`);
      if (steps.length === 0) {
        stdout.write('This version of preg-adapter would change nothing of its schema.\n');
        return;
      }
      await tryOnCopy(directory);
      stdout.write(
        `This version of preg-adapter would bring it to version ${schema + steps.length}: ${steps.join(', ')}.\n` +
          'On a copy that went well. Make a backup with the older version before: there is no way back without one.\n',
      );
    });
}

async function tryOnCopy(directory: string): Promise<void> {
  const copy = await mkdtemp(join(directory, `${OWN_FILE_PREFIX}trial-`));
  try {
    await copyDatabase(directory, copy);
    openDatabase(copy).close();
    const { faults } = await conditionOf(copy);
    if (faults.length > 0)
      throw new CommandFailed(`On a copy the upgrade left damage: ${faults.join('; ')}.`);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
