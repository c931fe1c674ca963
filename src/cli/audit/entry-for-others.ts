import type { ReadAuditEntry } from '../../store/audit-rows.js';

/** An entry as it leaves the store for other programs. */
export interface EntryForOthers extends Omit<ReadAuditEntry, 'at' | 'detail' | 'keptSource'> {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly source: string | null;
  /** Null where it does not open. */
  readonly detail: Exclude<ReadAuditEntry['detail'], 'sealed'> | null;
}

export function entryForOthers({ at, detail, keptSource, ...entry }: ReadAuditEntry): EntryForOthers {
  return {
    ...entry,
    at: at.toISOString(),
    source: keptSource,
    detail: detail === 'sealed' ? null : detail,
  };
}
