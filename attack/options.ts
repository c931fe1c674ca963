import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { z } from 'zod';
import type { Target } from './world/target.js';

/** What the command line asks for. */
export interface Options {
  /** Undefined starts an adapter to attack. */
  readonly target: Target | undefined;
  /** Only what the tests have. */
  readonly quick: boolean;
  readonly markdownFile: string | undefined;
  readonly logFile: string | undefined;
  wants(item: number): boolean;
}

const form = z.object({
  url: z.url({ protocol: /^https$/ }).optional(),
  username: z.string().optional(),
  passwordFile: z.string().optional(),
  ca: z.string().optional(),
  person: z.string().optional(),
  familyName: z.string().optional(),
  items: z.string().optional(),
  quick: z.boolean().default(false),
  markdown: z.string().optional(),
  log: z.string().optional(),
});

/** Reads the arguments. Ends the process with a plain text when they are wrong. */
export function readOptions(args: readonly string[]): Options {
  const command = new Command('attack')
    .description('Attacks an adapter and prints what came of it. Exit code 1 after a breach.')
    .option('--items <list>', 'only these items, such as 1,5,17-19')
    .option('--quick', 'only the quick part that npm test has')
    .option('--markdown <file>', 'write the table to a file')
    .option('--log <file>', 'write the log of the adapter that was attacked to a file')
    .option('--url <url>', 'attack the adapter there, by what needs no hand in its upstream')
    .option('--username <name>', 'with --url: an account that may speak hl7v3 and preg-xml')
    .option('--password-file <file>', 'with --url: a file with its password')
    .option('--person <number>', 'with --url: a synthetic person whom the register knows')
    .option('--family-name <name>', 'with --url: the surname, as the adapter tells it')
    .addOption(new Option('--ca <file>', 'with --url: the certificate to trust; default: any'))
    .parse([...args], { from: 'user' });
  const options = form.parse(command.opts());
  return {
    target: targetOf(options, command),
    quick: options.quick,
    markdownFile: options.markdown,
    logFile: options.log,
    wants: wanted(options.items),
  };
}

function targetOf(options: z.output<typeof form>, command: Command): Target | undefined {
  if (options.url === undefined) return undefined;
  const { username, passwordFile, person, familyName, ca } = options;
  if (
    username === undefined ||
    passwordFile === undefined ||
    person === undefined ||
    familyName === undefined
  ) {
    command.error('--url needs --username, --password-file, --person and --family-name.');
  }
  const { hostname, port } = new URL(options.url);
  return {
    host: hostname,
    port: Number(port === '' ? 443 : port),
    ca: ca === undefined ? undefined : readFileSync(ca, 'utf8'),
    account: { username, password: readFileSync(passwordFile, 'utf8').trimEnd() },
    person: { nin: person, familyName: familyName.toUpperCase() },
    operations: undefined,
    mllp: undefined,
    pid: undefined,
  };
}

function wanted(list: string | undefined): (item: number) => boolean {
  if (list === undefined) return () => true;
  const ranges = list.split(',').map((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return { from, to };
  });
  return (item) => ranges.some(({ from, to }) => item >= from && item <= to);
}
