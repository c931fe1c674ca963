import { InvalidArgumentError, Option, type Command } from 'commander';
import type { AuditDetail } from '../../operations/audit-trail.js';
import type { Period } from '../../store/audit-repository.js';

const DAY = 24 * 60 * 60_000;

/** From which day to which, both included. */
export interface PeriodOptions {
  readonly from?: Date;
  readonly to?: Date;
}

/** Adds `--from` and `--to` to a command. */
export function withPeriod(command: Command): Command {
  return command
    .addOption(new Option('--from <day>', 'made on this day or later, YYYY-MM-DD in UTC').argParser(day))
    .addOption(new Option('--to <day>', 'made on this day or earlier').argParser(day));
}

/** What the options say: the day after the last one ends it. */
export function periodOf({ from, to }: PeriodOptions): Period {
  return { from, to: to && new Date(to.getTime() + DAY) };
}

/** The same for the audit trail; nothing where there is no limit. */
export function periodDetail({ from, to }: PeriodOptions): Pick<AuditDetail, 'period'> {
  if (from === undefined && to === undefined) return {};
  return { period: { from: dayText(from), to: dayText(to) } };
}

function dayText(at: Date | undefined): string | undefined {
  return at?.toISOString().slice(0, 10);
}

function day(text: string): Date {
  const at = new Date(`${text}T00:00:00.000Z`);
  // The calendar turns 30 February into 1 March.
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at.getTime()) && dayText(at) === text) return at;
  throw new InvalidArgumentError('A day as 2026-01-31 is expected.');
}
