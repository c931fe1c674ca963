import { Command } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import type { ReadAuditEntry } from '../../store/audit-rows.js';
import { aligned } from '../aligned.js';
import { configurationOption } from '../configuration-option.js';
import { printable } from '../filematch/job-report.js';
import { readNumber } from '../number-input.js';
import { operatorEntry } from '../operator-entry.js';
import { withStore } from '../opened-store.js';
import type { Surroundings } from '../surroundings.js';
import { entryForOthers } from './entry-for-others.js';
import { periodDetail, periodOf, withPeriod, type PeriodOptions } from './period.js';

interface SearchOptions extends PeriodOptions {
  readonly config: string;
  readonly json?: boolean;
}

/** `preg-adapter audit search`: who looked a person up. */
export function searchCommand(surroundings: Surroundings): Command {
  const { stdout } = surroundings.output;
  return withPeriod(new Command('search'))
    .summary('show who looked a person up, whose number is read from standard input')
    .description(
      'Reads one number from standard input, so that none is left in the shell history, and shows every entry about it. The\n' +
        'search itself is put on record under the same person. Entries under an older or newer number of the person are found by that.',
    )
    .addOption(configurationOption())
    .option('--json', 'as JSON')
    .action(async ({ config, json = false, ...days }: SearchOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const subject = await readNumber(surroundings);
      const found = await withStore(configuration, surroundings, ({ audit }) => {
        const entries = [...audit.readAbout(subject, periodOf(days))];
        audit.record([
          operatorEntry(surroundings, 'audit search', {
            subject,
            count: entries.length,
            ...periodDetail(days),
          }),
        ]);
        return entries;
      });
      if (json) stdout.write(`${JSON.stringify(found.map(entryForOthers), null, 2)}\n`);
      else stdout.write(found.length === 0 ? 'There is no entry.\n' : table(found));
    });
}

function table(found: readonly ReadAuditEntry[]): string {
  const titles = [
    'WHEN (UTC)',
    'CLIENT',
    'PROTOCOL',
    'OPERATION',
    'OUTCOME',
    'ASKED BY',
    'FROM',
    'PURPOSE',
    'REQUEST',
  ];
  const rows = found.map(({ at, clientId, protocol, operation, outcome, purpose, correlationId, detail }) => [
    at.toISOString().slice(0, 19).replace('T', ' '),
    clientId ?? '–',
    protocol,
    operation ?? '–',
    outcome,
    detail === 'sealed' ? 'cannot be opened' : (detail.requester ?? '–'),
    detail === 'sealed' ? 'cannot be opened' : detail.remoteAddress,
    purpose ?? '–',
    correlationId,
  ]);
  return aligned([titles, ...rows.map((row) => row.map(printable))]);
}
