import type { CutoverSettings } from '../config/schema.js';

/** What of the configuration can change while the adapter runs: the cutover, but for how PREG is reached. */
export type LiveSettings = Omit<CutoverSettings, 'preg'>;
