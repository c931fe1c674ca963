import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';
import { fetchPlain } from '../wire/http.js';

/** The adapter as an operator starts it, with its log. */
export class AdapterProcess {
  readonly #lines: string[] = [];
  readonly #child: ChildProcess;
  readonly ended: Promise<number | string>;
  #hasEnded = false;

  constructor(configurationFile: string, environment: Readonly<Record<string, string>>) {
    const program = join(packageRoot(), 'bin', 'preg-adapter.js');
    this.#child = spawn(process.execPath, [program, 'start', '--config', configurationFile], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', ...environment },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => this.#lines.push(line));
    }
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#hasEnded = true;
        resolve(code ?? signal ?? 'nothing');
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Every line so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /**
   * Resolves when it takes requests: its health is told, and says nothing else than that it might not be able to serve.
   * @throws Error with its last lines when it ends before, or takes a minute
   */
  async isReady(operationsPort: number): Promise<void> {
    const end = Date.now() + 60_000;
    while (Date.now() < end && !this.#hasEnded) {
      try {
        const { text } = await fetchPlain('127.0.0.1', operationsPort, '/health/ready');
        if (text.replace(/\s/g, '').includes('"legacy":{"status":"ok"')) return;
      } catch {
        // Nobody listens yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`The adapter does not become ready:\n${this.#lines.slice(-20).join('\n')}`);
  }

  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    this.signal('SIGTERM');
    const cut = setTimeout(() => {
      this.signal('SIGKILL');
    }, 10_000);
    await this.ended;
    clearTimeout(cut);
  }
}
