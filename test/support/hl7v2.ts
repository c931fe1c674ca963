import { join } from 'node:path';
import { loadTransliteration } from '../../src/charset/transliteration.js';
import { packageRoot } from '../../src/config/package-root.js';
import type { AdapterSettings } from '../../src/main.js';

/** The settings of HL7 v2 when nobody says otherwise. */
export const hl7v2Settings: AdapterSettings['hl7v2'] = {
  processingId: 'any',
  defaultCharset: '8859/1',
  identifierTypes: 'hl7',
  pageSize: 20,
  maxHits: 1_000,
  continuationMinutes: 10,
};

/** The letters that come with the adapter for those that a charset lacks. */
export const transliteration = await loadTransliteration(join(packageRoot(), 'mappings'));
