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
}

/** Standard input: text that is piped in, or a terminal. */
export interface Input extends AsyncIterable<unknown> {
  readonly isTTY?: boolean | undefined;
}
