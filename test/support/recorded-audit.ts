import type { AuditEntry, AuditTrail } from '../../src/operations/audit-trail.js';

/** An audit trail that puts its entries into a list. What `onEntry` throws keeps them out. */
export function auditInto(audited: AuditEntry[], onEntry?: (entry: AuditEntry) => void): AuditTrail {
  return {
    // Async, so that what is thrown is a rejection, as everywhere.
    // eslint-disable-next-line @typescript-eslint/require-await
    record: async (entries) => {
      for (const entry of entries) onEntry?.(entry);
      audited.push(...entries);
    },
  };
}
