import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { runCommandLine } from '../../src/cli/main.js';
import type { Environment } from '../../src/config/environment.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';

/** What a command of `preg-adapter` gave. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Log lines that went beside the answer. */
  readonly log: string;
}

/** What surrounds a command. */
export interface CommandSurroundings {
  readonly input?: string;
  readonly environment?: Environment;
  /** What standard output and standard error are; no terminal unless told. */
  readonly terminal?: { readonly isTTY: boolean; readonly columns: number };
  /** Told what is written on standard error, and may send signals. */
  readonly onError?: (text: string, signals: EventEmitter) => void;
  readonly exitNow?: () => void;
  /** Where signals come from. */
  readonly signals?: EventEmitter;
}

/** Runs a command of `preg-adapter` in this process. One that serves is asked to end as soon as it is ready. */
export async function runCommand(
  args: readonly string[],
  {
    input = '',
    environment = {},
    terminal,
    onError = () => undefined,
    exitNow = () => undefined,
    signals = new EventEmitter(),
  }: CommandSurroundings = {},
): Promise<CommandResult> {
  const said = { out: '', err: '', log: '' };
  const log = new Writable({
    write: (chunk, _encoding, done) => {
      said.log += String(chunk);
      done();
    },
  });
  const code = await runCommandLine(args, {
    output: {
      stdout: {
        ...terminal,
        write: (text) => {
          said.out += text;
          if (text.includes('Ctrl-C ends it.')) signals.emit('SIGTERM');
        },
      },
      stderr: {
        ...terminal,
        write: (text) => {
          said.err += text;
          onError(text, signals);
        },
      },
    },
    input: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    environment,
    clock: systemClock,
    random: systemRandom,
    log,
    errorLog: log,
    signals,
    hasTerminal: () => false,
    exitNow,
  });
  return { code, ...said };
}
