import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandFailed } from './report.js';
import type { Input } from './surroundings.js';

const longest = 64 * 1024;

/**
 * The first line of what is piped in. One line break at its end does not belong to it.
 * @throws CommandFailed when there is nothing, or more than one line.
 */
export async function readPipedLine(input: Input, what: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const octets = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length += octets.length;
    if (length > longest) throw new CommandFailed(`Standard input is too long to be ${what}.`);
    chunks.push(octets);
  }
  const line = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (line === '') throw new CommandFailed(`Standard input is empty; ${what} was expected.`);
  if (/[\r\n]/.test(line)) throw new CommandFailed(`Standard input has several lines; ${what} was expected.`);
  return line;
}

/** A password: asked for twice on a terminal, otherwise one line of what is piped in. @throws CommandFailed */
export async function readPassword(input: Input): Promise<string> {
  if (input.isTTY !== true) return readPipedLine(input, 'a password');
  const password = await promptHidden('Password: ');
  if ((await promptHidden('Once more: ')) !== password) throw new CommandFailed('The two differ.');
  return password;
}

/** Asks on the terminal without showing what is typed. @throws CommandFailed when it is broken off. */
export function promptHidden(question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // readline echoes what is typed to its output, so the question goes past it.
    const silent = new Writable({
      write: (_chunk, _encoding, done) => {
        done();
      },
    });
    process.stderr.write(question);
    const terminal = createInterface({
      input: process.stdin,
      output: silent,
      terminal: true,
      historySize: 0,
    });
    let answer: string | undefined;
    terminal.once('line', (line) => {
      answer = line;
      terminal.close();
    });
    terminal.once('close', () => {
      process.stderr.write('\n');
      if (answer === undefined || answer === '') reject(new CommandFailed('Nothing was typed.'));
      else resolve(answer);
    });
  });
}
