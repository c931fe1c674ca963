import type { Configuration, CutoverSettings } from '../config/schema.js';

/**
 * What of the configuration can change while the adapter runs: who may ask and what they see, why they ask, how much is logged,
 * and the cutover but for how PREG is reached. A complete configuration is one as well.
 */
export interface LiveSettings {
  readonly clients: Configuration['clients'];
  readonly profiles: Configuration['profiles'];
  readonly audit: Pick<Configuration['audit'], 'purpose' | 'operatorPurpose'>;
  readonly logging: Pick<Configuration['logging'], 'level' | 'levels'>;
  readonly cutover: Omit<CutoverSettings, 'preg'>;
}
