import { z } from 'zod';
import { protocols } from '../access/legacy-client.js';
import type { AuditDetail } from '../operations/audit-trail.js';
import { routes, sources } from '../registry/cutover/route.js';
import type { ChainedRow } from './audit-chain.js';
import type { SealedPlace, Sealer } from './sealer.js';
import { SealBroken, UnknownSealingKey } from './store-errors.js';

/** An entry as it is read back: the person under the pseudonym, the detail opened. */
export interface StoredAuditEntry {
  /** Ascending without gaps until retention removes the oldest. */
  readonly seq: number;
  readonly at: Date;
  readonly correlationId: string;
  readonly clientId: string | null;
  readonly protocol: string;
  readonly operation: string | null;
  /** The legal basis or the purpose, as the configuration said at the time. */
  readonly purpose: string | null;
  readonly pseudonym: string | null;
  /** As written; an older entry may hold an error code that is gone from the catalogue. */
  readonly outcome: string;
  /** Null too for entries from before there was a cache. */
  readonly keptSource: string | null;
  readonly detail: AuditDetail;
}

/** An entry whose detail may be closed for good: one that was tampered with must not hide the others. */
export interface ReadAuditEntry extends Omit<StoredAuditEntry, 'detail'> {
  readonly detail: AuditDetail | 'sealed';
  /** Null from before the chain. */
  readonly link: string | null;
}

/** A row of the table, as it stands there. */
export interface AuditRow extends ChainedRow {
  readonly link: string | null;
}

/** Where the sealed part of an entry belongs. */
export function placeOf(seq: number): SealedPlace {
  return { table: 'audit_entry', column: 'sealed_detail', row: String(seq) };
}

export function auditRowOf(row: unknown): AuditRow {
  const { correlation_id, client_id, kept_source, sealed_detail, ...rest } = entryRow.parse(row);
  return {
    ...rest,
    correlationId: correlation_id,
    clientId: client_id,
    keptSource: kept_source,
    sealedDetail: sealed_detail,
  };
}

/** @throws UnknownSealingKey, SealBroken */
export function storedEntryOf(row: AuditRow, sealer: Sealer): StoredAuditEntry {
  return { ...plainPartOf(row), detail: detailOf(row, sealer) };
}

export function readEntryOf(row: AuditRow, sealer: Sealer): ReadAuditEntry {
  const { link } = row;
  try {
    return { ...plainPartOf(row), link, detail: detailOf(row, sealer) };
  } catch (error) {
    if (!(error instanceof SealBroken || error instanceof UnknownSealingKey)) throw error;
    return { ...plainPartOf(row), link, detail: 'sealed' };
  }
}

function plainPartOf(row: AuditRow): Omit<StoredAuditEntry, 'detail'> {
  const { seq, at, correlationId, clientId, protocol, operation, purpose, pseudonym, outcome, keptSource } =
    row;
  return {
    seq,
    at: new Date(at),
    correlationId,
    clientId,
    protocol,
    operation,
    purpose,
    pseudonym,
    outcome,
    keptSource,
  };
}

function detailOf({ seq, sealedDetail }: AuditRow, sealer: Sealer): AuditDetail {
  const detail = Buffer.from(sealer.open(sealedDetail, placeOf(seq))).toString('utf8');
  return detailForm.parse(JSON.parse(detail));
}

const entryRow = z.object({
  seq: z.number(),
  at: z.string(),
  correlation_id: z.string(),
  client_id: z.string().nullable(),
  protocol: z.string(),
  operation: z.string().nullable(),
  purpose: z.string().nullable(),
  pseudonym: z.string().nullable(),
  outcome: z.string(),
  kept_source: z.string().nullable(),
  sealed_detail: z.instanceof(Uint8Array),
  link: z.string().nullable(),
});

const detailForm = z.object({
  remoteAddress: z.string(),
  requester: z.string().optional(),
  job: z.string().optional(),
  receiver: z.string().optional(),
  count: z.number().optional(),
  settings: z.array(z.string()).optional(),
  answeredBy: z.array(z.object({ route: z.enum(routes), source: z.enum(sources) })).optional(),
  scope: z
    .object({
      clientId: z.string().optional(),
      protocol: z.enum(protocols).optional(),
      operation: z.string().optional(),
    })
    .optional(),
  route: z.object({ route: z.enum(routes), percent: z.number().optional() }).optional(),
  reason: z.string().optional(),
  period: z.object({ from: z.string().optional(), to: z.string().optional() }).optional(),
});
