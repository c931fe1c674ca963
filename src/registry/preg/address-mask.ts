import { columnByCode, mappedMembers, tableNamed, type CodeTables } from '../../mapping/code-table.js';
import { blankAddress } from '../../person/blank-address.js';
import type { FieldOrigin, Lineage } from '../../person/lineage.js';
import { LineageOnDemand } from '../../person/lineage-on-demand.js';
import type { PregAddress } from '../../person/preg-person.js';
import { isProtected, ProtectedPostalType } from '../../person/protection.js';
import type { SearchHit } from '../search.js';

/** The fields of a protected address that are told of all the same. */
const SHOWN: ReadonlySet<string> = new Set(['postalType', 'postalAddress', 'nin', 'currentAddress']);
/** Which of several addresses it came from would tell how many there are. */
const PROTECTION = 'Addresses';
const LINES: ReadonlySet<string> = new Set(['addressLine1', 'addressLine2', 'addressLine3']);

/**
 * Sees to it that nothing of a protected address goes any further than it does when the new register answers, whatever PREG
 * sent ("Decided" 4). It fails closed (Safety S1): the highest code found on any of the person's addresses wins, and a code
 * that is on no list is the strictest one.
 */
export class AddressMask {
  readonly #labels: ReadonlyMap<string, string>;
  readonly #ranks: ReadonlyMap<string, string>;
  readonly #known: ReadonlySet<string>;

  /** @throws Error when a table is missing */
  constructor(tables: CodeTables) {
    const protection = tableNamed(tables, 'address-protection');
    this.#labels = columnByCode(protection, 'label');
    this.#ranks = columnByCode(protection, 'rank');
    this.#known = new Set(
      mappedMembers(tableNamed(tables, 'postal-type-texts')).map(([, { code }]) => String(code)),
    );
  }

  /** The code that protects somebody with these addresses; null when none does. */
  protectionIn(addresses: readonly PregAddress[]): ProtectedPostalType | null {
    return addresses.reduce<ProtectedPostalType | null>(
      (highest, address) => this.higher(highest, this.#protectionOf(address)),
      null,
    );
  }

  /** The stricter one of two. */
  higher(one: ProtectedPostalType | null, other: ProtectedPostalType | null): ProtectedPostalType | null {
    if (one === null || other === null) return one ?? other;
    return this.#rankOf(other) > this.#rankOf(one) ? other : one;
  }

  /** The person under that protection: with one address that says no more than that. Nothing changes without any. */
  masked(hit: SearchHit, protection: ProtectedPostalType | null): SearchHit {
    if (protection === null) return hit;
    const { person, lineage } = hit;
    const isOpen = protection === ProtectedPostalType.StrictlyConfidential;
    // By the code itself, since whoever is counted as that strict by guess has no address that is known to be open.
    const open = person.addresses.find(
      ({ currentAddress, postalType }) => currentAddress && postalType === 6,
    );
    const lines =
      isOpen && open !== undefined
        ? {
            addressLine1: open.addressLine1,
            addressLine2: open.addressLine2,
            addressLine3: open.addressLine3,
          }
        : {};
    const address: PregAddress = {
      ...blankAddress,
      ...lines,
      nin: person.nin,
      postalType: protection,
      postalAddress: this.#labels.get(String(protection)) ?? null,
    };
    return {
      person: { ...person, addresses: [address], dateRegistered: null, telecoms: [] },
      lineage: maskedLineage(lineage, address),
    };
  }

  #rankOf(postalType: ProtectedPostalType): number {
    return Number(this.#ranks.get(String(postalType)) ?? Infinity);
  }

  #protectionOf({ postalType, postalAddress }: PregAddress): ProtectedPostalType | null {
    const byLabel = this.#protectionByLabel(postalAddress);
    if (postalType === null || isProtected(postalType)) return this.higher(postalType, byLabel);
    return this.#known.has(String(postalType)) ? byLabel : ProtectedPostalType.StrictlyConfidential;
  }

  /** What stands in place of a street tells it too, also where the code was not sent. */
  #protectionByLabel(text: string | null): ProtectedPostalType | null {
    const said = (text ?? '').trim().toUpperCase();
    if (!said.startsWith('SPERRET ')) return null;
    for (const [code, label] of this.#labels) {
      const postalType = Number(code);
      if (label.toUpperCase() === said && isProtected(postalType)) return postalType;
    }
    return ProtectedPostalType.StrictlyConfidential;
  }
}

/** What is hidden has no origin, and of how many addresses there are nothing is told either. */
function maskedLineage(lineage: Lineage, address: PregAddress): Lineage {
  return new LineageOnDemand(() => {
    const masked = new Map<string, FieldOrigin>();
    for (const [place, origin] of lineage) {
      const field = /^addresses\[\d+\]\.(?<field>\w+)$/.exec(place)?.groups?.['field'];
      if (field === undefined) {
        masked.set(place, isHidden(place) ? blanked(origin, 'protected') : origin);
        continue;
      }
      const isTold = SHOWN.has(field) || (LINES.has(field) && hasLine(address, field));
      masked.set(
        `addresses[0].${field}`,
        isTold ? { row: origin.row, sources: [PROTECTION] } : blanked(origin, 'protected'),
      );
    }
    return masked;
  });
}

function hasLine(address: PregAddress, field: string): boolean {
  return Object.entries(address).some(([name, value]) => name === field && value !== null);
}

function isHidden(field: string): boolean {
  return field === 'dateRegistered' || field === 'telecoms';
}

function blanked({ row }: FieldOrigin, blank: string): FieldOrigin {
  return { row, sources: [], blank };
}
