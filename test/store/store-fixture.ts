import { createHash } from 'node:crypto';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import type { SealingKey } from '../../src/store/sealer.js';
import { openStore, type Store, type StoreOptions } from '../../src/store/store.js';
import { ManualClock } from '../support/manual-clock.js';
import { syntheticNumber } from '../support/synthetic-number.js';

/** A key that is the same in every run; another one for each name. */
export function testKey(name: string): Uint8Array {
  return createHash('sha256').update(name).digest();
}

export function sealingKey(id: string): SealingKey {
  return { id, key: testKey(id) };
}

/** Opens a store with test keys. */
export function openTestStore(directory: string, options: Partial<StoreOptions> = {}): Store {
  return openStore({
    directory,
    sealingKeys: [sealingKey('k1')],
    pseudonymKey: testKey('pseudonym'),
    clock: new ManualClock(),
    random: systemRandom,
    ...options,
  });
}

export function auditEntry(change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: new Date('2025-03-01T12:00:00.000Z'),
    correlationId: newCorrelationId(systemRandom),
    clientId: 'ward-system',
    protocol: 'hl7v3',
    operation: 'GetDemographics',
    subject: syntheticNumber(),
    outcome: 'found',
    keptSource: null,
    detail: { remoteAddress: '192.0.2.17' },
    ...change,
  };
}
