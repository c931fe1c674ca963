import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { isCorrelationId } from '../../runtime/correlation.js';
import type {
  DifferingValues,
  StoredComparison,
  StoredDifference,
} from '../../store/comparison-repository.js';
import type { Store } from '../../store/store.js';
import { SealBroken, UnknownSealingKey } from '../../store/store-errors.js';
import { aligned } from '../aligned.js';
import { configurationOption } from '../configuration-option.js';
import { printable } from '../filematch/job-report.js';
import { operatorEntry } from '../operator-entry.js';
import { withStore } from '../opened-store.js';
import { CommandFailed } from '../report.js';
import type { Surroundings } from '../surroundings.js';
import { minuteOf } from './route-texts.js';

interface DifferencesOptions {
  readonly config: string;
  readonly client: string;
  readonly field?: string;
  readonly expected?: boolean;
  readonly failed?: boolean;
  readonly values?: boolean;
  readonly json?: boolean;
  readonly limit: number;
}

/** `preg-adapter cutover differences`: the questions of a client in which the registers did not say the same. */
export function differencesCommand(surroundings: Surroundings): Command {
  const { stdout } = surroundings.output;
  return new Command('differences')
    .summary('list answers of a client in which the registers differ, the newest first')
    .description('Those that nothing explains, unless others are asked for.')
    .addOption(configurationOption())
    .requiredOption('-C, --client <id>', 'whose answers')
    .option('-f, --field <name>', 'that differ in this field, as in mappings/person.yaml')
    .addOption(new Option('--expected', 'those that are expected instead').conflicts('failed'))
    .addOption(new Option('--failed', 'those that a register failed to give instead').conflicts('field'))
    .option(
      '--values',
      'also what each said, where that was kept; on a terminal alone, and told to the audit trail',
    )
    .option('--json', 'as JSON')
    .option('--limit <number>', 'how many answers at most', wholeNumber, 50)
    .action(
      async ({
        config,
        client,
        field,
        values = false,
        json = false,
        limit,
        ...which
      }: DifferencesOptions) => {
        if (values && stdout.isTTY !== true) {
          throw new CommandFailed('Values are shown on a terminal alone, so that they are written nowhere.');
        }
        const verdict =
          which.failed === true ? 'failed' : which.expected === true ? 'expected' : 'unexplained';
        const configuration = loadConfiguration({ ...surroundings, file: config });
        const text = await withStore(configuration, surroundings, (store) => {
          const found = store.comparisons.list({ clientId: client, verdict, field, limit });
          record(store, surroundings, { client, found, values });
          if (json)
            return `${JSON.stringify(
              found.map((one) => described(one, values)),
              null,
              2,
            )}\n`;
          if (found.length === 0) return 'There is none.\n';
          return verdict === 'failed' ? failureTable(found) : differenceTable(found, { field, values });
        });
        stdout.write(text);
      },
    );
}

/** Before anything is shown; of values there is an entry for each person whose they are. */
function record(
  { audit }: Store,
  surroundings: Surroundings,
  {
    client: clientId,
    found,
    values,
  }: { readonly client: string; readonly found: readonly StoredComparison[]; readonly values: boolean },
): void {
  const scope = { clientId };
  const opened = values
    ? found.filter(({ differences }) => differences.some(({ hasValues }) => hasValues))
    : [];
  audit.record([
    operatorEntry(surroundings, 'cutover differences', { scope, count: found.length }),
    ...opened.map(({ correlationId, pseudonym }) =>
      operatorEntry(surroundings, 'cutover differences --values', {
        scope,
        pseudonym: pseudonym ?? undefined,
        correlationId: isCorrelationId(correlationId) ? correlationId : undefined,
      }),
    ),
  ]);
}

function differenceTable(
  found: readonly StoredComparison[],
  { field, values }: { readonly field: string | undefined; readonly values: boolean },
): string {
  const titles = [
    'SEEN (UTC)',
    'PROTOCOL',
    'OPERATION',
    'FIELD',
    'WHY',
    'PREG',
    'PERSONTJENESTEN',
    'REQUEST',
  ];
  const rows = found.flatMap((one) =>
    one.differences
      .filter((difference) => field === undefined || difference.field === field)
      .map((difference) => {
        const said = values ? saidIn(difference) : undefined;
        return [
          minuteOf(one.at),
          one.protocol ?? '',
          one.operation ?? '',
          difference.isIdentity ? `${difference.field} (who it is)` : difference.field,
          difference.reason ?? difference.class,
          valueText(difference.kinds.preg, said, 'preg'),
          valueText(difference.kinds.persontjenesten, said, 'persontjenesten'),
          one.correlationId,
        ];
      }),
  );
  return aligned([titles, ...rows]);
}

function failureTable(found: readonly StoredComparison[]): string {
  const titles = ['SEEN (UTC)', 'PROTOCOL', 'OPERATION', 'PREG', 'PERSONTJENESTEN', 'REQUEST'];
  const rows = found.map((one) => [
    minuteOf(one.at),
    one.protocol ?? '',
    one.operation ?? '',
    `${one.pregOutcome}, ${one.pregMilliseconds} ms`,
    `${one.persontjenestenOutcome}, ${one.persontjenestenMilliseconds} ms`,
    one.correlationId,
  ]);
  return aligned([titles, ...rows]);
}

/** The pseudonym finds a person's entries in the audit trail, so it goes with the values, and is on record like them. */
function described({ differences, pseudonym, ...comparison }: StoredComparison, values: boolean) {
  return {
    ...comparison,
    ...(values ? { pseudonym } : {}),
    differences: differences.map((difference) => {
      const { field, isIdentity, class: kind, reason, kinds } = difference;
      const said = values ? saidIn(difference) : undefined;
      return {
        field,
        isIdentity,
        class: kind,
        reason,
        kinds,
        ...(said === undefined ? {} : { values: said }),
      };
    }),
  };
}

/** Undefined where nothing was kept; one that does not open must not hide the others. */
function saidIn(difference: StoredDifference): DifferingValues | 'sealed' | undefined {
  try {
    return difference.values();
  } catch (error) {
    if (error instanceof SealBroken || error instanceof UnknownSealingKey) return 'sealed';
    throw error;
  }
}

function valueText(
  kind: string,
  said: DifferingValues | 'sealed' | undefined,
  source: keyof DifferingValues,
): string {
  if (said === undefined) return kind;
  if (said === 'sealed') return `${kind}, cannot be opened with these keys`;
  return said[source] === null ? 'blank' : printable(said[source]);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number from 1 to 99999 is expected.');
}
