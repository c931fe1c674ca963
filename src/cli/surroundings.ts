import type { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';
import type { Environment } from '../config/environment.js';
import type { Random } from '../runtime/random.js';
import type { Clock } from '../runtime/clock.js';
import type { Output } from './report.js';

/** What a command sees of the world; tests give it another one. */
export interface Surroundings {
  readonly output: Output;
  readonly input: Input;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly random: Random;
  /** Where log lines go: a stream of its own for commands whose output is an answer. */
  readonly log: Writable;
  readonly errorLog: Writable;
  /** Where the operating system's signals come from. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>;
  /** Whether a terminal belongs to the process at the moment. */
  readonly hasTerminal: () => boolean;
  /** Ends the process at once. */
  readonly exitNow: () => void;
}

/** Standard input: text that is piped in, or a terminal. */
export interface Input extends AsyncIterable<unknown> {
  readonly isTTY?: boolean | undefined;
}
