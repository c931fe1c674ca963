import { dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { hashPassword } from '../../access/password-hash.js';
import { protocols } from '../../access/legacy-client.js';
import { hasClient, withClientAdded, type ClientEntry } from '../../config/edited-clients.js';
import { configurationText, loadSealingSettings } from '../../config/load.js';
import { sealClientSecret } from '../../store/client-secrets.js';
import { Sealer } from '../../store/sealer.js';
import { configurationOption } from '../configuration-option.js';
import { CommandFailed } from '../report.js';
import { sealingKeys } from '../seal-password.js';
import { readPassword } from '../secret-input.js';
import type { Surroundings } from '../surroundings.js';
import { changeClients, editedText, WHEN_IT_HOLDS } from './changed-clients.js';

interface AddOptions {
  readonly config: string;
  readonly username?: string;
  readonly protocols: readonly string[];
  readonly operations?: readonly string[];
  readonly addresses?: readonly string[];
  readonly organisation: string;
  readonly child?: string;
  readonly profile?: string;
  readonly access?: string;
  readonly requestsPerSecond?: string;
  readonly requestBurst?: string;
  readonly name?: string;
  readonly purpose?: string;
  readonly disabled?: boolean;
  readonly sealed?: boolean;
  readonly inline?: boolean;
  readonly secretFile?: string;
}

/** `preg-adapter clients add`: writes one more client into the configuration, and its password beside it. */
export function addClientCommand(surroundings: Surroundings): Command {
  return new Command('add')
    .argument('<id>', 'a short name for log and audit, unique among the clients')
    .summary('add a client to the configuration')
    .description(
      'Adds a client at the end of clients[]; the file stays as it is otherwise, comments included. Its password is read\n' +
        'as hash-password reads it: asked for twice on a terminal, otherwise one line from standard input. The hash goes into\n' +
        'a file of its own that nobody else may read, clients/ID.hash beside the configuration. The whole configuration is\n' +
        'checked before anything is written, and the change is audited.',
    )
    .addOption(configurationOption())
    .option('--username <name>', 'what the client logs in with (default: the id)')
    .requiredOption('--protocols <list>', `out of ${protocols.join(', ')}, comma separated`, listIn)
    .option(
      '--operations <list>',
      'what it may ask, as the audit trail names it (default: everything)',
      listIn,
    )
    .option('--addresses <list>', 'where it may ask from, addresses and networks (default: anywhere)', listIn)
    .requiredOption('--organisation <number>', 'on whose behalf it asks: the legal entity, nine digits')
    .option('--child <number>', 'and its unit, nine digits')
    .option('--profile <name>', 'which fields it sees: one of profiles (default: complete)')
    .addOption(
      new Option('--access <view>', 'which of the two views of the register it may read').choices([
        'full',
        'restricted',
      ]),
    )
    .option(
      '--requests-per-second <number>',
      'how often it may ask, over time (default: no limit of its own)',
    )
    .option('--request-burst <number>', 'how many of these may come at once (default: twice that)')
    .option('--name <text>', 'what people know the system by')
    .option('--purpose <text>', 'legal basis or purpose of what it asks')
    .option('--disabled', 'shut out until clients enable lets it in')
    .option('--sealed', 'for a client that sends PasswordDigest: seal the password instead of hashing it')
    .addOption(new Option('--secret-file <file>', 'where the hash goes').conflicts('inline'))
    .option('--inline', 'put the hash into the configuration itself')
    .addHelpText(
      'after',
      '\nExample:\n  preg-adapter clients add pas --config hospital.yaml --protocols hl7v3,hl7v2 --organisation 999999999 < password.txt',
    )
    .action(async (id: string, options: AddOptions) => {
      await add(id, options, surroundings);
    });
}

async function add(id: string, options: AddOptions, surroundings: Surroundings): Promise<void> {
  const { config, sealed = false, inline = false } = options;
  const { environment, input, output, random } = surroundings;
  const before = configurationText(config);
  if (editedText(config, () => String(hasClient(before, id))) === 'true') {
    throw new CommandFailed(`There is a client ${id} in ${config} already.`);
  }
  const keys = sealed ? sealingKeys(loadSealingSettings({ file: config, environment }), random) : undefined;
  const password = await readPassword(input);
  const secret =
    keys === undefined
      ? await hashPassword(password, random)
      : sealClientSecret(password, new Sealer(keys, random));
  const setting = sealed ? 'sealedPassword' : 'passwordHash';
  const textWith = (proof: ClientEntry): string =>
    editedText(config, () => withClientAdded(before, entryOf(id, options, proof)));
  const file = options.secretFile ?? join(dirname(config), 'clients', `${id}.${sealed ? 'sealed' : 'hash'}`);
  // Relative paths are taken from the working directory, which need not be the adapter's.
  const place = resolve(file);
  await changeClients(
    {
      config,
      operation: 'clients add',
      clientId: id,
      before,
      draft: textWith({ [setting]: secret }),
      secret: inline
        ? undefined
        : { file: place, text: secret, after: textWith({ [`${setting}File`]: place }) },
      requireOf: () => undefined,
    },
    surroundings,
  );
  const where = inline ? '' : ` Its password is in ${place}, ${sealed ? 'sealed' : 'as a hash'}.`;
  output.stdout.write(`Client ${id} was added to ${config}.${where} ${WHEN_IT_HOLDS}\n`);
}

function entryOf(id: string, options: AddOptions, proof: ClientEntry): ClientEntry {
  const { username = id, protocols: spoken, operations, addresses, organisation: parent, child } = options;
  const { profile, access, requestsPerSecond, requestBurst, name, purpose } = options;
  const entry = {
    id,
    username,
    ...proof,
    enabled: options.disabled === true ? false : undefined,
    protocols: spoken,
    operations,
    addresses,
    organisation: child === undefined ? { parent } : { parent, child },
    access,
    profile,
    requestsPerSecond: numberIn(requestsPerSecond),
    requestBurst: numberIn(requestBurst),
    name,
    purpose,
  };
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}

/** As a number where it is one: what it has to be is for the check of the configuration to say. */
function numberIn(text: string | undefined): string | number | undefined {
  return text !== undefined && /^[0-9]{1,9}$/.test(text) ? Number(text) : text;
}

function listIn(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
