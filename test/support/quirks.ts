import type { Quirks } from '../../src/access/legacy-client.js';

/** A client that needs no deviations: the defaults of the configuration. */
export const noQuirks: Quirks = { noFixedAbode: 'send', refusedSearch: 'fault', maxReplyBytes: 65_536 };
