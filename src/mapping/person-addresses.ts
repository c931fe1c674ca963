import type { MailingAddress, PregAddress } from '../person/preg-person.js';
import type { NationalId } from '../person/national-id.js';
import type { Located } from './elements.js';
import type { FieldRow } from './field-table.js';
import { FieldValues } from './field-values.js';
import { formerAddresses } from './former-addresses.js';
import type { JsonObject } from './json.js';
import { mailingAddressIn, mailingElement } from './mailing-address.js';
import { addressOf } from './preg-records.js';
import { protectionIn, type Protection } from './protection.js';
import { UNPROTECTED } from './protection-floor.js';
import { residenceIn, type Residence } from './residence.js';
import { sourcesIn, type Mappings, type RowEvaluation, type SourcesOfRow } from './row-evaluation.js';
import { filled, type Outcome } from './transform.js';
import { NO_FIXED_ABODE } from './transforms/postal-type.js';

/** The rows of addresses, evaluated for each of them. */
export const ADDRESS_PREFIX = 'addresses.';
const ADDRESS_LINES = ['addressLine1', 'addressLine2', 'addressLine3'];

/** What addresses are read from. */
export interface AddressSources {
  readonly nin: NationalId;
  /** The document as it came: protection is read from it alone, whatever day is told of (Safety S1). */
  readonly document: JsonObject;
  /** The document as it was on the day that is told of. */
  readonly onDay: JsonObject;
  readonly withFormer: boolean;
}

/** A person's addresses: the current one, then the former ones where they are wanted. */
export function personAddresses(
  rows: RowEvaluation,
  mappings: Mappings,
  sources: AddressSources,
): readonly PregAddress[] {
  const { fields, addressProtection, countries } = mappings;
  const { document, onDay, nin, withFormer } = sources;
  const protection = protectionIn(document, addressProtection, fields.confidentialityPaths, (level) => {
    rows.reportUnmapped('addresses.postalType', level);
  });
  // One for all of them: how many there are would tell how often somebody in hiding has moved.
  if (protection !== undefined)
    return [new AddressMapping(rows, mappings, nin, 0).masked(protection, document)];
  const current = {
    residence: residenceIn(onDay),
    mailing: mailingElement(onDay, countries),
    document: onDay,
  };
  const holds = current.residence !== undefined || current.mailing !== undefined;
  const former = withFormer ? formerAddresses(onDay, countries, fields.timeless) : [];
  return [...(holds ? [current] : []), ...former].map((place, index) => {
    const mapping = new AddressMapping(rows, mappings, nin, index);
    return mapping.open(place, place === current);
  });
}

/** Where an address that nothing protects is read from. */
interface OpenPlace {
  readonly residence: Residence | undefined;
  readonly mailing: Located<JsonObject> | undefined;
  readonly document: JsonObject;
}

class AddressMapping {
  readonly #prefix: string;
  readonly #rows: readonly FieldRow[];

  constructor(
    private readonly evaluation: RowEvaluation,
    private readonly mappings: Mappings,
    private readonly nin: NationalId,
    index: number,
  ) {
    this.#prefix = `addresses[${index}].`;
    this.#rows = mappings.fields.rows.filter(({ target }) => target.startsWith(ADDRESS_PREFIX));
  }

  open({ residence, mailing, document }: OpenPlace, isCurrent: boolean): PregAddress {
    this.#fill(() => true, sourcesOf(document, residence?.element, mailing));
    if (!isCurrent) this.#put('currentAddress', filled(false));
    if (this.evaluation.values.get(`${this.#prefix}postalType`) === NO_FIXED_ABODE) {
      this.#blankAllBut(this.mappings.fields.shownWithoutAbode, 'no fixed abode');
      return this.#address(null, null);
    }
    const address = mailing === undefined ? null : mailingAddressIn(mailing, this.mappings.countries);
    return this.#address(residence?.source ?? null, address);
  }

  /** Nothing of a protected address is even read, but the postal address that the register itself distributes today. */
  masked(protection: Protection, document: JsonObject): PregAddress {
    this.#blankAllBut(new Set(), 'protected');
    const decided = { path: protection.path, value: null };
    this.#put('postalType', filled(protection.postalType, decided));
    this.#put('postalAddress', filled(protection.label, decided));
    this.#fill((name) => name === 'nin', sourcesIn(document));
    this.#put('currentAddress', filled(true));
    if (protection.postalAddressIsOpen) this.#fillOpenPostalLines(document);
    return this.#address(null, null);
  }

  #fillOpenPostalLines(document: JsonObject): void {
    const mailing = mailingElement(document, this.mappings.countries);
    if (!isOpenPostalAddress(mailing)) return;
    this.#fill((name) => ADDRESS_LINES.includes(name), sourcesOf(document, undefined, mailing));
  }

  #address(source: PregAddress['source'], mailing: MailingAddress | null): PregAddress {
    return addressOf(this.nin, new FieldValues(this.evaluation.values, this.#prefix), { source, mailing });
  }

  #fill(which: (name: string) => boolean, sources: SourcesOfRow): void {
    for (const row of this.#rows) {
      if (which(nameOf(row))) this.evaluation.fill(row, this.#prefix + nameOf(row), sources);
    }
  }

  #blankAllBut(shown: ReadonlySet<string>, reason: string): void {
    for (const row of this.#rows) {
      if (!shown.has(nameOf(row))) this.#put(nameOf(row), { kind: 'blank', reason });
    }
  }

  #put(name: string, outcome: Outcome): void {
    this.evaluation.put(ADDRESS_PREFIX + name, this.#prefix + name, outcome);
  }
}

/** Whether mail goes by a postal address that is said to be open. */
function isOpenPostalAddress(mailing: Located<JsonObject> | undefined): boolean {
  if (mailing?.path.startsWith('postalAddress') !== true) return false;
  return mailing.value['addressConfidentiality'] === UNPROTECTED;
}

function nameOf({ target }: FieldRow): string {
  return target.slice(ADDRESS_PREFIX.length);
}

function sourcesOf(
  document: JsonObject,
  residence: Located<JsonObject> | undefined,
  mailing: Located<JsonObject> | undefined,
): SourcesOfRow {
  return {
    document,
    roots: new Map([
      ['residence', residence],
      ['mailing', mailing],
    ]),
  };
}
