import { Argument, Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { tlsSource } from '../config/adapter-configuration.js';
import { loadConfiguration } from '../config/load.js';
import type { Configuration } from '../config/schema.js';
import { entriesText } from '../operations/traces/trace-pages.js';
import { traceText, type WrittenTrace } from '../operations/traces/trace-text.js';
import { isCorrelationId, type CorrelationId } from '../runtime/correlation.js';
import type { ReadAuditEntry } from '../store/audit-rows.js';
import { periodDetail, periodOf, withPeriod, type PeriodOptions } from './audit/period.js';
import { configurationOption } from './configuration-option.js';
import { withStore } from './opened-store.js';
import { askOperations, NotOurAdapter, type OperationsAnswer } from './operations-client.js';
import { operatorEntry } from './operator-entry.js';
import { OPERATOR } from './operator-login.js';
import { CommandFailed } from './report.js';
import { promptHidden, readPipedLine } from './secret-input.js';
import type { Surroundings } from './surroundings.js';

interface TraceOptions extends PeriodOptions {
  readonly config: string;
  readonly json?: boolean;
}

/** Without a trace, entries are looked for in as many days. */
const DAYS = 7;
const DAY = 24 * 60 * 60_000;

const stepForm = z.object({ at: z.string(), text: z.string(), details: z.array(z.string()) });
const requestForm = z.object({
  answeredAt: z.string(),
  clientId: z.string().nullable(),
  protocol: z.string(),
  operation: z.string().nullable(),
  outcome: z.string(),
  milliseconds: z.number(),
});
const callForm = z.object({
  correlationId: z.string().refine(isCorrelationId),
  request: requestForm.optional(),
  steps: z.array(stepForm),
  leftOut: z.number(),
});
const traceForm = callForm.extend({ calls: z.array(callForm.extend({ calls: z.array(z.never()) })) });

/** `preg-adapter trace`: why a request was answered as it was. */
export function traceCommand(surroundings: Surroundings): Command {
  const { stdout, stderr } = surroundings.output;
  return withPeriod(new Command('trace'))
    .summary('tell why a request was answered as it was')
    .description(
      'Asks the adapter that runs by this configuration for the steps of a request, by the correlation id that stands in its log\n' +
        'lines and in the fault that the client got, and shows the entries of the audit trail. No step holds a number, a name or\n' +
        'an address. Where the operations listener has a password, it is read from standard input. The look is put on record.\n' +
        `Without steps, which only the last requests have, the entries of the last ${DAYS} days are looked through, or those of the days given.`,
    )
    .addArgument(new Argument('<id>', 'the correlation id').argParser(correlationIdOf))
    .addOption(configurationOption())
    .option('--json', 'as JSON')
    .action(async (id: CorrelationId, { config, json = false, ...days }: TraceOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const trace = await remembered(id, configuration, surroundings);
      const period = searchedIn(days, trace, surroundings.clock.now());
      const entries = await withStore(configuration, surroundings, ({ audit }) => {
        const found = audit.ofRequest(id, period);
        audit.record([
          operatorEntry(surroundings, 'trace', {
            correlationId: id,
            count: found.length,
            ...periodDetail(days),
          }),
        ]);
        // Those of looks at it are none of the request's.
        return found.filter(
          ({ protocol, operation }) => protocol !== 'command-line' || operation !== 'trace',
        );
      });
      if (json) {
        stdout.write(
          `${JSON.stringify({ trace: trace ?? null, entries: entries.map(shown) }, undefined, 2)}\n`,
        );
      } else {
        if (trace === undefined) stderr.write('No adapter that runs remembers the steps of this request.\n');
        else stdout.write(traceText(trace));
        stdout.write(entriesText(entries));
      }
      if (trace === undefined && entries.length === 0)
        throw new CommandFailed('Nothing is known of this request.');
    });
}

function correlationIdOf(text: string): CorrelationId {
  const id = text.trim().toLowerCase();
  if (isCorrelationId(id)) return id;
  throw new InvalidArgumentError(
    'A correlation id is expected, such as 0a1b2c3d-0000-4000-8000-000000000000.',
  );
}

/** What the running adapter remembers; undefined where none runs, or it remembers nothing. @throws CommandFailed */
async function remembered(
  id: CorrelationId,
  { listeners: { operations } }: Configuration,
  { input }: Surroundings,
): Promise<WrittenTrace | undefined> {
  const at = { host: operations.host, port: operations.port, tls: tlsSource(operations.tls) };
  const headers = operations.passwordHash === undefined ? {} : await operatorHeaders(input);
  let answer: OperationsAnswer;
  try {
    answer = await askOperations(at, `/traces/${id}?as=json`, headers);
  } catch (error) {
    if (error instanceof NotOurAdapter) throw new CommandFailed(`Nothing was asked: ${error.message}.`);
    return undefined;
  }
  if (answer.status === 401) throw new CommandFailed('The adapter does not take this password.');
  if (answer.status === 503) throw new CommandFailed('Too many logins wait at the adapter; try again.');
  if (answer.status !== 200) return undefined;
  const { success, data } = traceForm.safeParse(JSON.parse(answer.body));
  return success ? data : undefined;
}

async function operatorHeaders(input: Surroundings['input']): Promise<Readonly<Record<string, string>>> {
  const password =
    input.isTTY === true
      ? await promptHidden('Password of the operations listener: ')
      : await readPipedLine(input, 'the password of the operations listener');
  return { Authorization: `Basic ${Buffer.from(`${OPERATOR}:${password}`, 'utf8').toString('base64')}` };
}

/** The days given; else around the answer, where that is known; else the last days. */
function searchedIn(
  days: PeriodOptions,
  trace: WrittenTrace | undefined,
  now: Date,
): ReturnType<typeof periodOf> {
  const given = periodOf(days);
  if (given.from !== undefined || given.to !== undefined) return given;
  if (trace?.request === undefined) return { from: new Date(now.getTime() - DAYS * DAY) };
  const at = Date.parse(trace.request.answeredAt);
  return { from: new Date(at - DAY / 24), to: new Date(at + DAY / 24) };
}

function shown({ seq, at, clientId, protocol, operation, outcome, purpose, keptSource }: ReadAuditEntry) {
  return { seq, at, clientId, protocol, operation, outcome, purpose, keptSource };
}
