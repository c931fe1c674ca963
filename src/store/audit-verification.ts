import { BROKEN_LINK, type ChainArithmetic, type ChainHead } from './audit-chain.js';
import type { AuditLedger, Sealed } from './audit-ledger.js';
import { placeOf, type AuditRow } from './audit-rows.js';
import type { Sealer } from './sealer.js';
import { SealBroken, UnknownSealingKey } from './store-errors.js';

/**
 * What is wrong with an entry: what it holds was changed; it stands where another one stood; it is gone, from among the others or
 * from the end; it was written when the end of the chain had been tampered with; the chain does not end with it as was written down;
 * or it is not the one that was noted outside.
 */
export type ChainFault =
  'changed' | 'reordered' | 'deleted' | 'truncated' | 'unlinked' | 'end-changed' | 'not-as-noted';

/** Entries that do not fit. */
export interface BadEntries {
  readonly fault: ChainFault;
  readonly first: number;
  readonly last: number;
  /** Of what was moved: the number that it was written as. */
  readonly belongsAt?: number | undefined;
}

/** The number and link of an entry, noted outside the store. */
export interface KnownEntry {
  readonly seq: number;
  readonly link: string;
}

/** What looking through the chain came to. */
export interface AuditVerdict {
  /** What does not fit, in the order of numbers; only the first ones where there are many. */
  readonly bad: readonly BadEntries[];
  /** How many things do not fit. */
  readonly badCount: number;
  /** How many entries were followed from link to link. */
  readonly chained: number;
  /** Entries that are older than the chain: none is missing, and that is all that can be said of them. */
  readonly beforeChain: { readonly count: number; readonly last: number };
  readonly beganAt: string | null;
  /** What retention took away. */
  readonly removed: { readonly count: number; readonly madeUntil: string | null };
  /** To be noted outside: from a store that was set back to an earlier state, everything else looks right. */
  readonly head: KnownEntry | null;
  /** Whether the entry that was noted was found as it was; `removed` when retention has taken it since. */
  readonly known: 'found' | 'removed' | 'not-found' | null;
}

/** What the chain is looked through with. */
export interface VerificationParts {
  readonly chain: ChainArithmetic;
  readonly ledger: Pick<AuditLedger, 'head' | 'removedBetween'>;
  readonly sealer: Sealer;
  /** Gives the rows behind a number, all that is asked meanwhile being of the same moment. @returns what it was given back */
  readonly page: (after: number, use: (rows: readonly AuditRow[]) => boolean) => boolean;
  readonly known?: KnownEntry | undefined;
}

/** How many faults are told one by one. */
const TOLD = 20;

/** How far from where it belongs something that was moved is looked for. */
const NEAR = 1_000;

/** Follows the chain from its beginning to its end. */
export function verifyChain(parts: VerificationParts): AuditVerdict {
  const walk = new Walk(parts);
  const step = (rows: readonly AuditRow[]): boolean => {
    const head = parts.ledger.head();
    walk.begin(head);
    for (const row of rows) walk.take(row);
    if (rows.length === 0) walk.end(head);
    return rows.length > 0;
  };
  while (parts.page(walk.seq, step));
  return walk.verdict();
}

class Walk {
  /** The number of the last entry that was looked at, there or not. */
  seq = 0;
  /** What the next entry has to follow; undefined when that is not known. */
  #link: string | undefined;
  #beginsAfter = Number.POSITIVE_INFINITY;
  #begun = false;
  readonly #bad: BadEntries[] = [];
  #badCount = 0;
  #chained = 0;
  #before = 0;
  #removed = 0;
  #madeUntil: string | null = null;
  #head: ChainHead | undefined;
  #known: AuditVerdict['known'];

  constructor(private readonly parts: VerificationParts) {
    this.#known = parts.known === undefined ? null : 'not-found';
  }

  begin(head: ChainHead | undefined): void {
    if (this.#begun || head === undefined) return;
    this.#begun = true;
    this.#beginsAfter = head.beginsAfter;
    if (this.seq <= head.beginsAfter) this.#link = this.parts.chain.beginning(head);
  }

  take(row: AuditRow): void {
    if (row.seq > this.seq + 1) this.#pass(this.seq + 1, row.seq - 1, 'deleted');
    this.seq = row.seq;
    if (row.seq <= this.#beginsAfter) this.#takeFromBefore(row);
    else this.#takeChained(row);
    const { known } = this.parts;
    if (known?.seq !== row.seq) return;
    if (known.link === row.link) this.#known = 'found';
    else this.#add({ fault: 'not-as-noted', first: row.seq, last: row.seq });
  }

  end(head: Sealed<ChainHead> | undefined): void {
    const { known } = this.parts;
    if (head !== undefined) {
      this.#head = head;
      const at = { first: head.seq, last: head.seq };
      if (this.seq < head.seq) this.#pass(this.seq + 1, head.seq, 'truncated');
      if (!head.genuine || this.seq > head.seq || (this.#link !== undefined && this.#link !== head.link)) {
        this.#add({ fault: 'end-changed', ...at });
      }
      this.seq = Math.max(this.seq, head.seq);
    }
    if (known !== undefined && known.seq > this.seq) {
      this.#add({ fault: 'truncated', first: this.seq + 1, last: known.seq });
    }
  }

  verdict(): AuditVerdict {
    const head = this.#head;
    return {
      bad: this.#bad,
      badCount: this.#badCount,
      chained: this.#chained,
      beforeChain: { count: this.#before, last: head?.beginsAfter ?? this.seq },
      beganAt: head?.beganAt ?? null,
      removed: { count: this.#removed, madeUntil: this.#madeUntil },
      head: head === undefined ? null : { seq: head.seq, link: head.link },
      known: this.#known,
    };
  }

  #takeFromBefore(row: AuditRow): void {
    this.#before += 1;
    if (row.link !== null) this.#add({ fault: 'changed', first: row.seq, last: row.seq });
  }

  #takeChained(row: AuditRow): void {
    const { chain } = this.parts;
    const { seq } = row;
    this.#chained += 1;
    const previous = this.#link;
    this.#link = row.link ?? undefined;
    // After entries that are gone only the entry's own links could tell; that they are gone has been told.
    if (previous === undefined && row.link !== null) return;
    if (previous !== undefined && chain.linkOf(previous, row) === row.link) return;
    if (chain.linkOf(BROKEN_LINK, row) === row.link) {
      this.#add({ fault: 'unlinked', first: seq, last: seq });
      return;
    }
    const belongsAt = this.#placeBelongedTo(row);
    const fault = belongsAt === undefined || belongsAt === seq ? 'changed' : 'reordered';
    this.#add({
      fault,
      first: seq,
      last: seq,
      ...(fault === 'reordered' ? { belongsAt } : {}),
    });
  }

  /** The numbers from `first` to `last` are not there: retention took them, or else somebody. */
  #pass(first: number, last: number, fault: 'deleted' | 'truncated'): void {
    let next = first;
    for (const range of this.parts.ledger.removedBetween(first, last)) {
      if (!range.genuine) continue;
      if (range.first > next) this.#lost(next, range.first - 1, 'deleted');
      const from = Math.max(range.first, next);
      const until = Math.min(range.last, last);
      this.#removed += until - from + 1;
      if (this.#madeUntil === null || range.madeUntil > this.#madeUntil) this.#madeUntil = range.madeUntil;
      const { known } = this.parts;
      if (known !== undefined && known.seq >= from && known.seq <= until) this.#known = 'removed';
      next = until + 1;
      if (range.last === until && until > this.#beginsAfter) this.#link = range.link ?? undefined;
    }
    if (next <= last) this.#lost(next, last, fault);
    this.seq = last;
  }

  #lost(first: number, last: number, fault: 'deleted' | 'truncated'): void {
    this.#add({ fault, first, last });
    // What is from before the chain has no links that the next entry would follow.
    if (last > this.#beginsAfter) this.#link = undefined;
  }

  /** By its sealed detail, which opens nowhere but where it was written. */
  #placeBelongedTo({ seq, sealedDetail }: AuditRow): number | undefined {
    if (this.#badCount >= TOLD) return undefined;
    const { sealer } = this.parts;
    const opensAt = (place: number): boolean => {
      try {
        sealer.open(sealedDetail, placeOf(place));
        return true;
      } catch (error) {
        if (error instanceof SealBroken || error instanceof UnknownSealingKey) return false;
        throw error;
      }
    };
    if (opensAt(seq)) return seq;
    for (let distance = 1; distance <= NEAR; distance += 1) {
      if (opensAt(seq + distance)) return seq + distance;
      if (seq > distance && opensAt(seq - distance)) return seq - distance;
    }
    return undefined;
  }

  #add(bad: BadEntries): void {
    this.#badCount += 1;
    if (this.#bad.length < TOLD) this.#bad.push(bad);
  }
}
