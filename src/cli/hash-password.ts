import { Command } from 'commander';
import { hashPassword } from '../access/password-hash.js';
import { readPassword } from './secret-input.js';
import type { Surroundings } from './surroundings.js';

/** `preg-adapter hash-password`: turns a password into what `clients[].passwordHash` holds. */
export function hashPasswordCommand({ input, output, random }: Surroundings): Command {
  return new Command('hash-password')
    .summary('turn a password into a hash for clients[].passwordHash')
    .description(
      'Reads a password and prints its hash (scrypt), ready to paste into clients[].passwordHash. ' +
        'On a terminal it asks twice and shows nothing; otherwise it reads one line from standard input, ' +
        'so that the password lands in no shell history.',
    )
    .addHelpText('after', '\nExample:\n  preg-adapter hash-password < password.txt')
    .action(async () => {
      output.stdout.write(`${await hashPassword(await readPassword(input), random)}\n`);
    });
}
