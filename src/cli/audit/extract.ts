import { Command, Option } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { configurationOption } from '../configuration-option.js';
import { readNumber } from '../number-input.js';
import { operatorEntry } from '../operator-entry.js';
import { withStore } from '../opened-store.js';
import type { Surroundings } from '../surroundings.js';
import { extractText } from './extract-text.js';
import { extractLanguages, type ExtractLanguage } from './extract-words.js';
import { periodDetail, periodOf, withPeriod, type PeriodOptions } from './period.js';

interface ExtractOptions extends PeriodOptions {
  readonly config: string;
  readonly language: ExtractLanguage;
}

/** `preg-adapter audit extract`: what a patient is given who asks who has looked. */
export function extractCommand(surroundings: Surroundings): Command {
  return withPeriod(new Command('extract'))
    .summary('write for a patient who looked them up, when and for what')
    .description(
      'Reads one number from standard input, and writes to standard output in words of everyday: nothing of how the systems\n' +
        'work, and not the number. The extract is put on record under the same person.',
    )
    .addOption(configurationOption())
    .addOption(
      new Option('-l, --language <code>', 'Norwegian or English')
        .choices([...extractLanguages])
        .default('nb'),
    )
    .action(async ({ config, language, ...days }: ExtractOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const subject = await readNumber(surroundings);
      const made = surroundings.clock.now();
      const text = await withStore(configuration, surroundings, ({ audit }) => {
        const entries = [...audit.readAbout(subject, periodOf(days))];
        audit.record([
          operatorEntry(surroundings, 'audit extract', {
            subject,
            count: entries.length,
            ...periodDetail(days),
          }),
        ]);
        return extractText(entries, { clients: configuration.clients, language, made, ...days });
      });
      surroundings.output.stdout.write(text);
    });
}
