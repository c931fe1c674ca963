import type { AxiosInstance } from 'axios';
import type { AdapterConfiguration } from '../../config/adapter-configuration.js';
import type { Configuration } from '../../config/schema.js';
import type { Credentials } from '../../helseid/credentials.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { Finding } from './finding.js';
import type { PlaceSeen } from './places.js';
import type { RunningAdapterSeen } from './running-adapter.js';

/** What is examined, and with what. */
export interface Patient {
  /** As it was read. */
  readonly configuration: Configuration;
  /** The same with what the sandbox supplies. */
  readonly adapter: AdapterConfiguration;
  /** The file of the configuration. */
  readonly file: string;
  /** The file that each secret was read from, by the path of the secret. */
  readonly secretFiles: ReadonlyMap<string, string>;
  /** The adapter that serves by these settings already; undefined where none does. */
  readonly running: RunningAdapterSeen | undefined;
  /** Where it is to listen, and who is there already. */
  readonly places: readonly PlaceSeen[];
  /** The way out, as the adapter has it. */
  readonly http: AxiosInstance;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly random: Random;
}

/** Looks at one part. What it throws is told as a failure of the examination itself. */
export type Examine = (patient: Patient) => Promise<readonly Finding[]> | readonly Finding[];

/** No question of an examination takes longer. */
export const PATIENCE_MILLISECONDS = 10_000;
