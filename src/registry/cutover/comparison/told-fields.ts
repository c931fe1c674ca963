import type { Lineage } from '../../../person/lineage.js';
import type { SearchHit } from '../../search.js';
import { ADDRESS_PREFIX, type ComparedRow } from './compared-row.js';

/** The list itself, in the lineage of somebody of whom a source can tell addresses and has none. */
const ADDRESSES = 'addresses';
/** Told with every record of a person, and of nobody of whom only the number is known. */
const SURNAME = 'sn';
/** The address for mail as a whole, and PREG's lines of it. */
const MAILING = 'addresses.mailing';
const LINES = 'addresses.addressLine1';

/** What a source can tell of a person, by its lineage: the names of rows, blank fields included. */
export class ToldFields {
  readonly #names: ReadonlySet<string>;
  /** Whether it would tell addresses if there were any. */
  readonly #tellsAddresses: boolean;
  /** Whether the address for mail is told in lines. */
  readonly tellsLines: boolean;

  constructor({ person, lineage }: SearchHit) {
    this.#names = namesIn(lineage);
    this.tellsLines = this.#names.has(LINES);
    const tellsNone = this.#names.has(ADDRESSES) || this.#names.has(SURNAME);
    this.#tellsAddresses = person.addresses.length > 0 || tellsNone;
  }

  tells({ of, name }: ComparedRow): boolean {
    if (name === MAILING) return this.tellsLines || this.#names.has(MAILING);
    return of === 'answer' ? this.#tellsAddresses : this.#names.has(name);
  }
}

function namesIn(lineage: Lineage): ReadonlySet<string> {
  const names = new Set<string>();
  for (const place of lineage.keys()) {
    const end = place.indexOf('].');
    names.add(end < 0 ? place : ADDRESS_PREFIX + place.slice(end + 2));
  }
  return names;
}
