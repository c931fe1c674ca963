import { Hmac } from './hmac.js';
import type { Pseudonymiser } from './pseudonymiser.js';

/** What an entry's link vouches for: everything that its row holds. */
export interface ChainedRow {
  readonly seq: number;
  readonly at: string;
  readonly correlationId: string;
  readonly clientId: string | null;
  readonly protocol: string;
  readonly operation: string | null;
  readonly purpose: string | null;
  readonly pseudonym: string | null;
  readonly outcome: string;
  readonly keptSource: string | null;
  readonly sealedDetail: Uint8Array;
}

/** Where the chain begins and where it ends. */
export interface ChainHead {
  /** The number of the last entry from before there was a chain; 0 for none. */
  readonly beginsAfter: number;
  readonly beganAt: string;
  /** The number and the link of the newest entry. */
  readonly seq: number;
  readonly link: string;
}

/** Entries next to one another that retention took away. */
export interface RemovedRange {
  readonly first: number;
  readonly last: number;
  /** Of the last one; null where that is from before the chain. */
  readonly link: string | null;
  /** When the newest of them was made. */
  readonly madeUntil: string;
}

/** Stands for the link of what was there before when that cannot be believed: no entry that follows it ever fits. */
export const BROKEN_LINK = '0'.repeat(32);

/**
 * The arithmetic of the audit trail's chain. Each entry has a link: the first 128 bits of an HMAC-SHA-256 over the link of the
 * entry before it and all that it holds itself. Where the chain ends, and what retention took away, is sealed by further ones.
 * The key is derived from the pseudonym key, which never changes: nobody without it can make a link that fits.
 */
export class ChainArithmetic {
  readonly #hmac: Hmac;

  constructor(pseudonymiser: Pick<Pseudonymiser, 'digestOf'>) {
    this.#hmac = new Hmac(pseudonymiser.digestOf('audit chain', '1'));
  }

  /** Of an entry, given that of the entry before it. */
  linkOf(previous: string, row: ChainedRow): string {
    // JSON keeps the parts apart whatever they hold, and ends where it ends: nothing of it is ever taken for the octets behind it.
    return this.#digest(
      JSON.stringify([
        'entry',
        previous,
        row.seq,
        row.at,
        row.correlationId,
        row.clientId,
        row.protocol,
        row.operation,
        row.purpose,
        row.pseudonym,
        row.outcome,
        row.keptSource,
      ]),
      row.sealedDetail,
    );
  }

  /** What the first entry of the chain follows. */
  beginning({ beginsAfter, beganAt }: Pick<ChainHead, 'beginsAfter' | 'beganAt'>): string {
    return this.#digest(JSON.stringify(['beginning', beginsAfter, beganAt]));
  }

  sealOfHead({ beginsAfter, beganAt, seq, link }: ChainHead): string {
    return this.#digest(JSON.stringify(['head', beginsAfter, beganAt, seq, link]));
  }

  sealOfRange({ first, last, link, madeUntil }: RemovedRange): string {
    return this.#digest(JSON.stringify(['removed', first, last, link, madeUntil]));
  }

  #digest(text: string, octets?: Uint8Array): string {
    return this.#hmac.hexOf(text, octets).slice(0, 32);
  }
}
