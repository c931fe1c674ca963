import { Command, Option } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import type { ReadAuditEntry } from '../../store/audit-rows.js';
import { configurationOption } from '../configuration-option.js';
import { csvLine } from '../csv-line.js';
import { operatorEntry } from '../operator-entry.js';
import { withStore } from '../opened-store.js';
import type { Surroundings } from '../surroundings.js';
import { entryForOthers } from './entry-for-others.js';
import { periodDetail, periodOf, withPeriod, type PeriodOptions } from './period.js';

interface ExportOptions extends PeriodOptions {
  readonly config: string;
  readonly format: 'jsonl' | 'csv';
}

/** How much is written at once. */
const LINES = 1_000;

/** `preg-adapter audit export`: the entries of a period, for other programs. */
export function exportCommand(surroundings: Surroundings): Command {
  const { stdout } = surroundings.output;
  return withPeriod(new Command('export'))
    .summary('write the entries of a period to standard output, for other programs')
    .description(
      'People stand there as pseudonyms. Who asked, and from where, is opened. Put on record before it begins.',
    )
    .addOption(configurationOption())
    .addOption(
      new Option('-f, --format <name>', 'lines of JSON, or comma-separated')
        .choices(['jsonl', 'csv'])
        .default('jsonl'),
    )
    .action(async ({ config, format, ...days }: ExportOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      await withStore(configuration, surroundings, ({ audit }) => {
        audit.record([operatorEntry(surroundings, 'audit export', periodDetail(days))]);
        const lineOf = format === 'csv' ? csvOf : jsonOf;
        let lines = format === 'csv' ? [csvLine(columns)] : [];
        for (const entry of audit.readAll(periodOf(days))) {
          lines.push(lineOf(entry));
          if (lines.length < LINES) continue;
          stdout.write(lines.join(''));
          lines = [];
        }
        if (lines.length > 0) stdout.write(lines.join(''));
      });
    });
}

function jsonOf(entry: ReadAuditEntry): string {
  return `${JSON.stringify(entryForOthers(entry))}\n`;
}

const columns = [
  'seq',
  'at',
  'correlation_id',
  'client_id',
  'protocol',
  'operation',
  'purpose',
  'pseudonym',
  'outcome',
  'source',
  'remote_address',
  'requester',
  'detail',
  'link',
] as const;

function csvOf(entry: ReadAuditEntry): string {
  const {
    seq,
    at,
    correlationId,
    clientId,
    protocol,
    operation,
    purpose,
    pseudonym,
    outcome,
    source,
    detail,
    link,
  } = entryForOthers(entry);
  return csvLine([
    String(seq),
    at,
    correlationId,
    clientId ?? '',
    protocol,
    operation ?? '',
    purpose ?? '',
    pseudonym ?? '',
    outcome,
    source ?? '',
    detail?.remoteAddress ?? '',
    detail?.requester ?? '',
    detail === null ? '' : JSON.stringify(detail),
    link ?? '',
  ]);
}
