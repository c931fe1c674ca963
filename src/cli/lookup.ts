import { Command } from 'commander';
import { clientFrom } from '../access/accounts.js';
import type { LegacyClient } from '../access/legacy-client.js';
import { loadConfiguration } from '../config/load.js';
import type { Configuration } from '../config/schema.js';
import { asAdapterError } from '../errors/errors.js';
import type { AuditEntry, AuditOutcome } from '../operations/audit-trail.js';
import type { Lineage } from '../person/lineage.js';
import type { NationalId } from '../person/national-id.js';
import type { PregAddress, PregPerson } from '../person/preg-person.js';
import type { LookupAnswer } from '../registry/person-registry.js';
import { newCorrelationId, type CorrelationId } from '../runtime/correlation.js';
import { openAdapter, type OpenedAdapter } from './open-adapter.js';
import { Closing } from './closing.js';
import { configurationOption } from './configuration-option.js';
import { readNumber } from './number-input.js';
import { CommandFailed, sandboxReporter } from './report.js';
import { supply } from './supplies.js';
import type { Surroundings } from './surroundings.js';

interface LookupOptions {
  readonly config: string;
  readonly client?: string;
}

/** `preg-adapter lookup`: one person as a legacy client would see them, and where each field came from. */
export function lookupCommand(surroundings: Surroundings): Command {
  return new Command('lookup')
    .summary('look a person up and show where each field comes from')
    .description(
      'Reads one number from standard input, so that none is left in the shell history, and prints the person as PREG\n' +
        'knew them: each field, its value, and the place in the Person document that it came from, or why it is blank.\n' +
        'The lookup is made and audited like any other. With a sandbox configuration it brings its own sandbox up.',
    )
    .addOption(configurationOption())
    .option('--client <id>', 'see what this client would see (default: the first one enabled)')
    .addHelpText(
      'after',
      '\nExamples:\n  preg-adapter lookup                  asks for the number and does not show it\n  preg-adapter lookup < number.txt\n',
    )
    .action(async (options: LookupOptions) => {
      const configuration = loadConfiguration({ ...surroundings, file: options.config });
      const client = clientNamed(configuration, options.client);
      const id = await readNumber(surroundings);
      surroundings.output.stdout.write(describe(await lookUp(configuration, client, id, surroundings)));
    });
}

function clientNamed(configuration: Configuration, id: string | undefined): LegacyClient {
  const settings = configuration.clients.find((client) =>
    id === undefined ? client.enabled : client.id === id,
  );
  if (settings !== undefined) return clientFrom(settings, configuration.profiles);
  throw new CommandFailed(
    id === undefined ? 'No client is enabled.' : `There is no client ${id} in clients[].`,
  );
}

async function lookUp(
  configuration: Configuration,
  client: LegacyClient,
  id: NationalId,
  surroundings: Surroundings,
): Promise<LookupAnswer> {
  const { clock, random } = surroundings;
  const closing = new Closing();
  try {
    const quiet: Configuration = { ...configuration, logging: { ...configuration.logging, level: 'error' } };
    const supplied = await supply(quiet, {
      clock,
      random,
      anyPorts: true,
      onTrouble: sandboxReporter(surroundings.output),
    });
    closing.add(() => supplied.stop());
    const opened = await openAdapter({
      configuration: supplied.configuration,
      clock,
      random,
      log: surroundings.errorLog,
    });
    closing.add(() => opened.close());
    return await auditedLookup(opened, client, id, surroundings, configuration);
  } finally {
    await closing.run();
  }
}

async function auditedLookup(
  { adapter, store }: OpenedAdapter,
  client: LegacyClient,
  id: NationalId,
  { clock, random }: Surroundings,
  { listeners }: Configuration,
): Promise<LookupAnswer> {
  const correlationId = newCorrelationId(random);
  const at = clock.now();
  const record = (outcome: AuditOutcome): void => {
    store.audit.record([auditEntry(at, correlationId, id, outcome)]);
  };
  let answer: LookupAnswer;
  try {
    answer = await adapter.registry.lookup(
      { id },
      {
        clientId: client.id,
        organisation: client.organisation,
        access: client.access,
        visible: client.visible,
        correlationId,
        signal: AbortSignal.timeout(listeners.legacy.requestDeadlineSeconds * 1000),
      },
    );
  } catch (error) {
    record(asAdapterError(error).code);
    throw error;
  }
  record(answer.outcome);
  return answer;
}

function auditEntry(
  at: Date,
  correlationId: CorrelationId,
  subject: NationalId,
  outcome: AuditOutcome,
): AuditEntry {
  return {
    at,
    correlationId,
    clientId: 'command-line',
    protocol: 'command-line',
    operation: 'lookup',
    subject,
    outcome,
    // A process of its own, which has kept nothing yet.
    keptSource: null,
    detail: { remoteAddress: 'localhost' },
  };
}

/** The answer as a table: field, value, origin. */
function describe(answer: LookupAnswer): string {
  if (answer.outcome === 'not-found') return 'Nobody is known by this number.\n';
  const rows = rowsOf(answer.person, answer.lineage);
  const width = Math.max(...rows.map(({ field }) => field.length));
  const valueWidth = Math.min(40, Math.max(...rows.map(({ value }) => value.length)));
  return rows
    .map(({ field, value, origin }) =>
      `${field.padEnd(width)}  ${value.padEnd(valueWidth)}  ${origin}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

interface Row {
  readonly field: string;
  readonly value: string;
  readonly origin: string;
}

/** Every field that has an origin, in the order of the mapping; the address's fields after the person's. */
function rowsOf(person: PregPerson, lineage: Lineage): readonly Row[] {
  const fields: ReadonlyMap<string, unknown> = new Map<string, unknown>([
    ...Object.entries(person),
    ...person.addresses.flatMap((address: PregAddress, index) =>
      Object.entries(address).map(([name, value]) => [`addresses[${index}].${name}`, value] as const),
    ),
  ]);
  return [...lineage].map(([field, { sources, blank }]) => ({
    field,
    value: textFor(fields.get(field)),
    origin: blank === undefined ? sources.join(', ') : `(${blank})`,
  }));
}

function textFor(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? BLANK : value.map(textFor).join(', ');
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : BLANK;
}

/** How a blank field is shown. */
const BLANK = '–';
