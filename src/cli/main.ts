import { isatty } from 'node:tty';
import { Command, CommanderError } from 'commander';
import { systemClock } from '../runtime/system-clock.js';
import { systemRandom } from '../runtime/system-random.js';
import { auditCommand } from './audit/command.js';
import { backupCommand } from './backup/backup.js';
import { checkStoreCommand } from './backup/check-store.js';
import { restoreCommand } from './backup/restore.js';
import { checkConfigCommand } from './check-config.js';
import { clientsCommand } from './clients/command.js';
import { cutoverCommand } from './cutover/command.js';
import { readinessCommand } from './cutover/readiness.js';
import { doctorCommand } from './doctor/command.js';
import { filematchCommand } from './filematch/command.js';
import { USAGE } from './filematch/exit-codes.js';
import { fixturesCommand } from './fixtures.js';
import { hashPasswordCommand } from './hash-password.js';
import { lookupCommand } from './lookup.js';
import { notificationsCommand } from './notifications/notifications.js';
import { subscriptionsCommand } from './notifications/subscriptions.js';
import { profilesCommand } from './profiles/command.js';
import { exitCodeOf, type Output } from './report.js';
import { rotateHelseIdKeyCommand } from './rotate-helseid-key.js';
import { sealPasswordCommand } from './seal-password.js';
import { startCommand } from './start.js';
import { traceCommand } from './trace.js';
import type { Surroundings } from './surroundings.js';
import { version } from './version.js';

/** Runs the command line. Never rejects: what goes wrong is said on stderr and shows in `process.exitCode`. */
export async function main(args: readonly string[]): Promise<void> {
  process.exitCode = await runCommandLine(args, {
    output: process,
    input: process.stdin,
    environment: process.env,
    clock: systemClock,
    random: systemRandom,
    log: process.stdout,
    errorLog: process.stderr,
    signals: process,
    hasTerminal: () => isatty(process.stdin.fd) || isatty(process.stdout.fd),
    exitNow: () => process.exit(1),
  });
}

/** Runs one command and gives its exit code. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let usage = 0;
  const code = await exitCodeOf(async () => {
    try {
      await program(surroundings).parseAsync([...args], { from: 'user' });
    } catch (error) {
      // Commander has said what it had to say: the help text, the version, or what is wrong with the arguments.
      if (!(error instanceof CommanderError)) throw error;
      usage = error.exitCode;
    }
  }, surroundings.output);
  return code === 0 ? usage : code;
}

function program(surroundings: Surroundings): Command {
  const { output } = surroundings;
  const root = new Command('preg-adapter')
    .description('Stands where PREG stood: answers the old register’s protocols from Persontjenesten.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help about a command');
  const commands = [
    startCommand(surroundings),
    checkConfigCommand(surroundings),
    doctorCommand(surroundings),
    clientsCommand(surroundings),
    profilesCommand(surroundings),
    lookupCommand(surroundings),
    filematchCommand(surroundings),
    cutoverCommand(surroundings),
    readinessCommand(surroundings),
    auditCommand(surroundings),
    traceCommand(surroundings),
    backupCommand(surroundings),
    restoreCommand(surroundings),
    checkStoreCommand(surroundings),
    subscriptionsCommand(surroundings),
    notificationsCommand(surroundings),
    hashPasswordCommand(surroundings),
    sealPasswordCommand(surroundings),
    rotateHelseIdKeyCommand(surroundings),
    fixturesCommand(surroundings),
  ];
  for (const command of commands) root.addCommand(command);
  settle(root, output, 1);
  return root.addHelpText('after', guide);
}

/** Commands whose exit code tells a wrong command from one that failed. */
const withUsageCode: readonly string[] = ['filematch'];

/**
 * What holds for a command and for all below it: nothing ends the process, nothing is written past `output`, and wrong arguments
 * lead to the exit code `usage`.
 */
function settle(command: Command, output: Output, usage: number): void {
  command
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : new CommanderError(usage, error.code, error.message);
    })
    .showHelpAfterError('Run it with --help to see what there is.')
    .configureOutput({
      writeOut: (text) => {
        output.stdout.write(text);
      },
      writeErr: (text) => {
        output.stderr.write(text);
      },
    });
  for (const below of command.commands) {
    settle(below, output, withUsageCode.includes(below.name()) ? USAGE : usage);
  }
}

const guide = `
Settings:
  Any setting of the configuration can be overridden by an environment variable:
  PREG_ADAPTER__LISTENERS__LEGACY__PORT=443 is listeners.legacy.port. See docs/configuration.md.

Examples:
  preg-adapter start --config /etc/preg-adapter/hospital.yaml
  preg-adapter lookup < number.txt
  preg-adapter filematch run docs/examples/filematch.csv --out /tmp/filematch
  preg-adapter subscriptions load --receiver pas numbers.txt
  preg-adapter cutover set --client epj --route shadow-preg
  preg-adapter audit verify
  preg-adapter trace 0a1b2c3d-0000-4000-8000-000000000000
  preg-adapter backup --out /backup/preg-adapter-today
  preg-adapter fixtures run 'hl7v3/*'
  preg-adapter check-config --config /etc/preg-adapter/hospital.yaml
  preg-adapter doctor --config /etc/preg-adapter/hospital.yaml
  preg-adapter clients list
  preg-adapter profiles explain complete
  preg-adapter hash-password
`;
