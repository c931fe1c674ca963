import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';

/** How a program ended: with a code or by a signal. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What to run, beside its arguments. */
export interface ProgramOptions {
  /** Besides the environment of the tests, less its own settings of the adapter. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A process group of its own, to be sent signals as a terminal does. */
  readonly group?: boolean;
}

/** A program that runs beside the tests: what it says, when it says it, and how it ends. */
export class RunningProgram {
  readonly #child: ChildProcess;
  readonly #hasGroup: boolean;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  #stderr = '';
  #ending: Ending | undefined;
  /** Resolves once it has ended and everything it said has been read. */
  readonly ended: Promise<Ending>;

  private constructor(command: string, args: readonly string[], options: ProgramOptions) {
    this.#hasGroup = options.group === true;
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PREG_ADAPTER__'));
    this.#child = spawn(command, args, {
      cwd: packageRoot(),
      env: { ...Object.fromEntries(own), ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: this.#hasGroup,
    });
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('no pipes');
    createInterface({ input: stdout }).on('line', (line) => {
      this.#lines.push(line);
      this.#tell();
    });
    stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => {
        this.#ending = { code, signal };
        this.#tell();
        resolve(this.#ending);
      });
    });
  }

  /** Starts `preg-adapter` with these arguments. */
  static adapter(args: readonly string[], options: ProgramOptions = {}): RunningProgram {
    return new RunningProgram(
      process.execPath,
      [join(packageRoot(), 'bin', 'preg-adapter.js'), ...args],
      options,
    );
  }

  /** Starts any command, in the folder of the clone. */
  static command(command: string, args: readonly string[], options: ProgramOptions = {}): RunningProgram {
    return new RunningProgram(command, args, options);
  }

  /** Everything on standard output so far, line by line. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  get stdout(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The first match in a line of standard output, as soon as there is one. @throws Error when the program ends before */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (let next = 0; ;) {
      for (; next < this.#lines.length; next += 1) {
        const match = pattern.exec(this.#lines[next] ?? '');
        if (match !== null) return match;
      }
      if (this.#ending !== undefined) {
        throw new Error(`ended without saying ${String(pattern)}:\n${this.stdout}${this.#stderr}`);
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Sends a signal, to all of its group when it has one of its own. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#ending !== undefined) return;
    if (this.#hasGroup) process.kill(-pid, signal);
    else this.#child.kill(signal);
  }

  #tell(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
