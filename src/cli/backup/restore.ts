import { Command, Option } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { helpNumberAnswers, type LaterHelpNumbers } from '../../store/backup/later-help-numbers.js';
import { restoreBackup, type RestoredBackup } from '../../store/backup/restore-backup.js';
import { configurationOption } from '../configuration-option.js';
import { keysOf } from '../opened-store.js';
import { operatorEntry } from '../operator-entry.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';

interface RestoreOptions {
  readonly config: string;
  readonly force?: boolean;
  readonly helpNumbers?: LaterHelpNumbers['answer'];
}

/** `preg-adapter restore DIR`: puts a backup in the place of the store. */
export function restoreCommand(surroundings: Surroundings): Command {
  const { stdout } = surroundings.output;
  return new Command('restore')
    .summary('put a backup in the place of the store, while no server runs')
    .description(
      'Looks the backup through first: its digests, its keys, its database, its schema and its audit trail. Nothing is changed\n' +
        'where one of them does not fit, or while somebody has the store open. A store that is there is moved aside, never deleted.',
    )
    .argument('<folder>', 'what preg-adapter backup made')
    .addOption(configurationOption())
    .addOption(
      new Option(
        '--help-numbers <answer>',
        'where helpNumbers.series has any: new-series, what stands there was never given out; none-lost, none was given out since the backup',
      ).choices(helpNumberAnswers),
    )
    .option('--force', 'also where there is a store: it is moved into a folder beside the restored one')
    .action(async (folder: string, { config, force = false, helpNumbers: answer }: RestoreOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const { series } = configuration.helpNumbers;
      if (series.length > 0 && answer === undefined) {
        throw new CommandFailed(
          'Help numbers that were given out since the backup would be given out again, to somebody else. Put a part of your series into\n' +
            'helpNumbers.series that was never used and say --help-numbers new-series, or say --help-numbers none-lost where none was given out\n' +
            'since. Nothing was changed.',
        );
      }
      const restored = await restoreBackup({
        from: folder,
        directory: configuration.data.directory,
        force,
        helpNumbers: answer && { answer, series },
        keys: keysOf(configuration, surroundings.random),
        entry: operatorEntry(surroundings, 'restore', answer === undefined ? {} : { reason: answer }),
        ...surroundings,
      });
      stdout.write(restoredText(configuration.data.directory, restored));
    });
}

function restoredText(directory: string, { manifest, movedTo, steps }: RestoredBackup): string {
  const { audit } = manifest;
  return [
    `Restored into ${directory} what the store was at ${manifest.madeAt}.`,
    `The database is whole, and the audit trail is as it was then: ${audit.entries === 1 ? '1 entry' : `${audit.entries} entries`}.`,
    ...(steps.length === 0 ? [] : [`Its schema was brought up to date: ${steps.join(', ')}.`]),
    ...(movedTo === undefined
      ? []
      : [`The store that was there before is now in ${movedTo}; delete it when it is not needed any more.`]),
    'What was lost with the time since then, and what to do about it: docs/operations.md, "After a restore".',
    '',
  ].join('\n');
}
