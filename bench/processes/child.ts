import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../src/config/package-root.js';
import { usageForm, type Usage } from './commands.js';

/** The programs that a measurement is made of, each in a process of its own. */
export type ProgramName = 'upstream' | 'adapter' | 'floor' | 'peer' | 'bulk-loop' | 'load-generator';

/** How a process is started. */
export interface ChildOptions {
  /** The core that it is kept on, where the system can do that. */
  readonly core?: number | undefined;
  /** A folder for a profile of its processor time, written when it stops. */
  readonly profileTo?: string | undefined;
  /** The most that its JavaScript may take; default what Node.js thinks fit for the machine. */
  readonly heapMegabytes?: number | undefined;
}

const answerForm = z.object({ id: z.number(), result: z.unknown().optional(), error: z.string().optional() });

/** A process that does what it is told. */
export class Child {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void }
  >();
  #asked = 0;
  #stopping = false;

  constructor(
    private readonly name: ProgramName,
    options: ChildOptions = {},
  ) {
    const { profileTo, heapMegabytes } = options;
    const flags = [
      ...(profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`]),
      ...(heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`]),
    ];
    const pinned = options.core !== undefined && canPin();
    this.#process = fork(join(packageRoot(), 'dist', 'bench', 'processes', `${name}.js`), [], {
      // Settings of the adapter in the environment are for another one, and so are Node's flags for this process.
      env: { PATH: process.env['PATH'] },
      execPath: pinned ? 'taskset' : process.execPath,
      execArgv: pinned ? ['-c', String(options.core), process.execPath, ...flags] : flags,
    });
    this.#process.on('message', (message) => {
      const { id, result, error } = answerForm.parse(message);
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(`${name}: ${error}`));
    });
    this.#process.once('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(`${name} ended with ${signal ?? code ?? 'nothing'}`));
      }
    });
  }

  /** Has it done, and gives what comes of it. @throws Error when it cannot, or ends before */
  async ask<Schema extends z.ZodType>(
    command: string,
    payload: unknown,
    form: Schema,
  ): Promise<z.output<Schema>> {
    if (this.#process.exitCode !== null) throw new Error(`${this.name} has ended`);
    const id = (this.#asked += 1);
    const result = await new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ id, command, payload });
    });
    return form.parse(result);
  }

  usage(): Promise<Usage> {
    return this.ask('usage', undefined, usageForm);
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    if (this.#stopping || this.#process.exitCode !== null) return;
    this.#stopping = true;
    await this.ask('stop', undefined, z.unknown());
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.disconnect();
    await ended;
  }
}

/** Whether processes can be kept on cores: on Linux with taskset, given two of them. */
export function canPin(): boolean {
  pinning ??= availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0;
  return pinning;
}
let pinning: boolean | undefined;
