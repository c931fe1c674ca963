import type { FieldGroup } from '../person/field-groups.js';
import type { Access, Organisation } from '../registry/person-registry.js';
import type { NetworkList } from '../runtime/network-list.js';

/** The legacy protocols that a client can be let in to. */
export const protocols = ['hl7v3', 'preg-xml', 'hl7v2', 'filematch'] as const;
export type Protocol = (typeof protocols)[number];

/** A system that asks as it asked PREG: one account in `clients[]` of the configuration. */
export interface LegacyClient {
  readonly id: string;
  readonly protocols: ReadonlySet<Protocol>;
  /** What it may ask by them, as the audit trail names it; undefined for everything. */
  readonly operations?: ReadonlySet<string> | undefined;
  /** Where it may ask from; undefined for anywhere. */
  readonly addresses?: NetworkList | undefined;
  readonly organisation: Organisation;
  readonly access: Access;
  /** The groups of fields that the client's profile grants. */
  readonly visible: ReadonlySet<FieldGroup>;
  readonly quirks: Quirks;
  /** How often it may ask; undefined for as often as it likes. */
  readonly rate?: RequestRate | undefined;
  /**
   * Digest of the password that it has just proven: one of two while a new one is brought in, and what it begins is good as
   * long as that one. Undefined where nothing was proven by a password.
   */
  readonly provenBy?: string | undefined;
}

/** How often a client may ask. */
export interface RequestRate {
  /** Requests a second, over time. */
  readonly perSecond: number;
  /** How many may come at once, after a time in which fewer came. */
  readonly burst: number;
}

/** Deviations that one peer needs, each named and documented in docs/quirks.md. */
export interface Quirks {
  /** `omit` leaves a no-fixed-abode address out of HL7 v3 where `send` writes the municipality number alone. */
  readonly noFixedAbode: 'send' | 'omit';
  /** How a search that cannot be served is refused: as a fault, or as `AE` + `QE` (Safety S3). */
  readonly refusedSearch: 'fault' | 'qe';
  /** The longest reply that the client reads, in octets of the whole envelope (preg-hl7v3 1.2). */
  readonly maxReplyBytes: number;
}
