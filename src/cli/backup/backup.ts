import { Command } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { makeBackup, type MadeBackup } from '../../store/backup/make-backup.js';
import { stepsToCome } from '../../store/backup/database-copy.js';
import { configurationOption } from '../configuration-option.js';
import { keysOf, withStore } from '../opened-store.js';
import { operatorEntry } from '../operator-entry.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { version } from '../version.js';
import { lackingJobs } from './lacking-jobs.js';

interface BackupOptions {
  readonly config: string;
  readonly out: string;
  readonly json?: boolean;
}

/** `preg-adapter backup --out DIR`: copies the store, whether or not an adapter uses it. */
export function backupCommand(surroundings: Surroundings): Command {
  const { stdout } = surroundings.output;
  return new Command('backup')
    .summary('copy the store into a folder, also beside a running server')
    .description(
      'Copies the database as it is at one moment, and the sealed files of Filematch jobs, and looks the copy through.\n' +
        'Keys, configuration and certificates are not in it: without the keys it cannot be opened, so keep those elsewhere.\n' +
        'Ends with exit code 1 where something is wrong with the store, after the copy was made as good as it can be.',
    )
    .addOption(configurationOption())
    .requiredOption('--out <folder>', 'where to; a folder that is not there yet')
    .option('--json', 'what the backup says of itself, as JSON')
    .action(async ({ config, out, json = false }: BackupOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const { directory } = configuration.data;
      const steps = await stepsToCome(directory);
      if (steps.length > 0) {
        throw new CommandFailed(
          `The store in ${directory} is from an older version of preg-adapter. Make the backup with that one: ` +
            'this one would bring the store up to date to leave its entry in it.',
        );
      }
      await withStore(configuration, surroundings, ({ audit }) => {
        // Before it is made, so that the copy tells of itself.
        audit.record([operatorEntry(surroundings, 'backup', {})]);
      });
      const made = await makeBackup({
        directory,
        out,
        keys: keysOf(configuration, surroundings.random),
        program: version(),
        lacking: lackingJobs,
        ...surroundings,
      });
      stdout.write(json ? `${JSON.stringify(made.manifest, undefined, 2)}\n` : madeText(out, made));
      if (made.manifest.audit.faults > 0) {
        throw new CommandFailed(
          'The audit trail is not as it was written, in the store and so in the backup: preg-adapter audit verify tells more.',
        );
      }
      if (made.lacking.length > 0) {
        throw new CommandFailed(
          `Files of Filematch jobs are not there, in the store and so in the backup: ${made.lacking.join(', ')}.`,
        );
      }
    });
}

function madeText(out: string, { manifest }: MadeBackup): string {
  const { files, schema, audit, keys } = manifest;
  const octets = files.reduce((sum, file) => sum + file.octets, 0);
  const sealing = keys.sealing.map(({ id }) => id).join(', ');
  return [
    `Backup made in ${out}: ${files.length === 1 ? '1 file' : `${files.length} files`}, ${Math.ceil(octets / 1024)} KiB, schema version ${schema}.`,
    `The database is whole, and ${audit.faults === 0 ? 'the audit trail is as it was written' : 'the audit trail is NOT as it was written'}.`,
    ...(audit.last === null ? [] : [`To note outside: ${audit.last.seq}:${audit.last.link}`]),
    `Keys are not in it. It wants store.pseudonymKey, and of store.sealingKeys: ${sealing}.`,
    '',
  ].join('\n');
}
