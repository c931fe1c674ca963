import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningProgram } from './adapter-program.js';
import { freePorts, startProgram } from './started-adapter.js';

/** What a suite of programs asks for. Everything is ended and removed after each test. */
export interface Programs {
  /** A folder for one test. */
  folder(): string;
  /** Starts the adapter on free ports, with its data in that folder. */
  start(dataDirectory: string, environment?: Readonly<Record<string, string>>): RunningProgram;
  /** Sees to the end of a program that was started otherwise. */
  watch(program: RunningProgram): RunningProgram;
}

/** Programs and folders for one suite's tests. Call inside `describe`. */
export function programs(): Programs {
  const running: RunningProgram[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    for (const program of running) program.signal('SIGKILL');
    await Promise.all(running.splice(0).map(({ ended }) => ended));
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const watch = (program: RunningProgram): RunningProgram => {
    running.push(program);
    return program;
  };
  return {
    folder: () => {
      const folder = mkdtempSync(join(tmpdir(), 'preg-adapter-start-'));
      folders.push(folder);
      return folder;
    },
    start: (dataDirectory, environment = {}) =>
      watch(startProgram({ ...freePorts(dataDirectory), ...environment })),
    watch,
  };
}
