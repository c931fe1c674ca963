import type { ClientSettings } from '../../src/config/schema.js';
import type { Quirks } from '../../src/access/legacy-client.js';

/** A client that needs no deviations: the defaults of the configuration. */
export const noQuirks: Quirks = { noFixedAbode: 'send', refusedSearch: 'fault', maxReplyBytes: 65_536 };

/** What `clients[].hl7v2` is by default. */
export const usualHl7v2: ClientSettings['hl7v2'] = { peers: [] };

/** What `clients[].filematch` is by default. */
export const usualFilematch: ClientSettings['filematch'] = {
  layouts: ['pfm-fixed', 'pfm-csv'],
  mode: 'V',
  weakMatches: 'mask',
  ready: 'rename',
};
