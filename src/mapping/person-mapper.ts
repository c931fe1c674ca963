import type { CalendarDate } from '../person/calendar-date.js';
import type { FieldOrigin, Lineage } from '../person/lineage.js';
import type { NationalId } from '../person/national-id.js';
import type { MailingAddress, PregAddress, PregPerson } from '../person/preg-person.js';
import type { CodeTable, CodeTables } from './code-table.js';
import type { Countries } from './countries.js';
import type { Located } from './elements.js';
import type { FieldRow, FieldTable } from './field-table.js';
import { FieldValues } from './field-values.js';
import type { Fill } from './information-parts.js';
import { textOf, type JsonObject } from './json.js';
import { mailingAddressIn, mailingElement } from './mailing-address.js';
import { addressOf, personOf } from './preg-records.js';
import { protectionIn, type Protection } from './protection.js';
import { UNPROTECTED } from './protection-floor.js';
import { residenceIn, type Residence } from './residence.js';
import { resolvePath, type Roots } from './source-path.js';
import { filled, type FieldValue, type Outcome } from './transform.js';
import { NO_FIXED_ABODE } from './transforms/postal-type.js';

/** A person in PREG's terms, and how it came to be. */
export interface MappedPerson {
  readonly person: PregPerson;
  /** By field, addresses as `addresses[0].st`. */
  readonly lineage: Lineage;
  /** Upstream enumeration members that the tables do not know, each once for the place where it stands. */
  readonly unmapped: readonly { readonly row: string; readonly value: string }[];
  /** Rows whose value was too long for the old field (Safety S11). */
  readonly cut: readonly string[];
}

/** Everything the mapping consists of. */
export interface Mappings {
  readonly fields: FieldTable;
  readonly codes: CodeTables;
  readonly countries: Countries;
  readonly addressProtection: CodeTable;
}

/** What one translation depends on besides the document. */
export interface MappingRequest {
  /** The number that the record is about. */
  readonly nin: NationalId;
  readonly today: CalendarDate;
  readonly fill: Fill;
  /** The day whose state and addresses are told, from a document with history; today when absent or to come. */
  readonly on?: CalendarDate | undefined;
  /** Whether former addresses follow the current one, from a document with history. */
  readonly addresses?: 'current' | 'all' | undefined;
}

/**
 * Persontjenesten's Person document → PregPerson. A document of any content gives a person: what cannot be read is blank,
 * and protection that cannot be read is the strictest (Safety S1, S7). Pure.
 */
export function mapPerson(document: JsonObject, mappings: Mappings, request: MappingRequest): MappedPerson {
  return new PersonMapping(document, mappings, request).result();
}

const ADDRESS_PREFIX = 'addresses.';
const CURRENT_ADDRESS = 'addresses[0].';
const ADDRESS_LINES = ['addressLine1', 'addressLine2', 'addressLine3'];

class PersonMapping {
  readonly #values = new Map<string, FieldValue>();
  readonly #lineage = new Map<string, FieldOrigin>();
  readonly #unmapped = new Map<string, { row: string; value: string }>();
  readonly #cut = new Set<string>();

  constructor(
    private readonly document: JsonObject,
    private readonly mappings: Mappings,
    private readonly request: MappingRequest,
  ) {}

  result(): MappedPerson {
    this.#watch();
    for (const row of this.mappings.fields.rows) {
      if (!row.target.startsWith(ADDRESS_PREFIX)) this.#fill(row, row.target, new Map());
    }
    const addresses = this.#addresses();
    return {
      person: { ...personOf(this.request.nin, new FieldValues(this.#values)), addresses },
      lineage: this.#lineage,
      unmapped: [...this.#unmapped.values()],
      cut: [...this.#cut],
    };
  }

  #watch(): void {
    for (const { path, codes } of this.mappings.fields.watched) {
      for (const member of resolvePath(path, this.document)) {
        const text = textOf(member.value);
        if (text !== undefined && codes.find(text) === undefined) this.#reportUnmapped(path.text, member);
      }
    }
  }

  #addresses(): readonly PregAddress[] {
    const { fields, addressProtection, countries } = this.mappings;
    const protection = protectionIn(
      this.document,
      addressProtection,
      fields.confidentialityPaths,
      (level) => {
        this.#reportUnmapped('addresses.postalType', level);
      },
    );
    if (protection !== undefined) return [this.#maskedAddress(protection)];
    const residence = residenceIn(this.document);
    const mailing = mailingElement(this.document, countries);
    if (residence === undefined && mailing === undefined) return [];
    return [this.#openAddress(residence, mailing)];
  }

  #openAddress(residence: Residence | undefined, mailing: Located<JsonObject> | undefined): PregAddress {
    this.#fillAddress(() => true, rootsOf(residence?.element, mailing));
    if (this.#values.get(`${CURRENT_ADDRESS}postalType`) === NO_FIXED_ABODE) {
      this.#blankAddressBut(this.mappings.fields.shownWithoutAbode, 'no fixed abode');
      return this.#address(null, null);
    }
    const address = mailing === undefined ? null : mailingAddressIn(mailing, this.mappings.countries);
    return this.#address(residence?.source ?? null, address);
  }

  /** Nothing of a protected address is even read, but the postal address that the register itself distributes. */
  #maskedAddress(protection: Protection): PregAddress {
    this.#blankAddressBut(new Set(), 'protected');
    const decided = { path: protection.path, value: null };
    this.#putInAddress('postalType', filled(protection.postalType, decided));
    this.#putInAddress('postalAddress', filled(protection.label, decided));
    this.#fillAddress((name) => name === 'nin', new Map());
    this.#putInAddress('currentAddress', filled(true));
    if (protection.postalAddressIsOpen) this.#fillOpenPostalLines();
    return this.#address(null, null);
  }

  #fillOpenPostalLines(): void {
    const mailing = mailingElement(this.document, this.mappings.countries);
    if (!isOpenPostalAddress(mailing)) return;
    this.#fillAddress((name) => ADDRESS_LINES.includes(name), rootsOf(undefined, mailing));
  }

  #address(source: PregAddress['source'], mailing: MailingAddress | null): PregAddress {
    return addressOf(this.request.nin, new FieldValues(this.#values, CURRENT_ADDRESS), { source, mailing });
  }

  #addressRows(): readonly FieldRow[] {
    return this.mappings.fields.rows.filter(({ target }) => target.startsWith(ADDRESS_PREFIX));
  }

  #fillAddress(which: (name: string) => boolean, roots: Roots): void {
    for (const row of this.#addressRows()) {
      if (which(nameOf(row))) this.#fill(row, CURRENT_ADDRESS + nameOf(row), roots);
    }
  }

  #blankAddressBut(shown: ReadonlySet<string>, reason: string): void {
    for (const row of this.#addressRows()) {
      if (!shown.has(nameOf(row))) this.#putInAddress(nameOf(row), { kind: 'blank', reason });
    }
  }

  #putInAddress(name: string, outcome: Outcome): void {
    this.#put(ADDRESS_PREFIX + name, CURRENT_ADDRESS + name, outcome);
  }

  #fill(row: FieldRow, field: string, roots: Roots): void {
    this.#put(row.target, field, this.#evaluate(row, roots));
  }

  #evaluate(row: FieldRow, roots: Roots): Outcome {
    if ('noSource' in row.rule) return { kind: 'blank', reason: row.rule.noSource };
    if (row.richOnly && this.request.fill === 'faithful') {
      return { kind: 'blank', reason: 'mapping.fill is faithful' };
    }
    const { codes, sources, transform } = row.rule;
    return transform({
      sources: sources.map((path) => resolvePath(path, this.document, roots)),
      document: this.document,
      nin: this.request.nin,
      today: this.request.today,
      countries: this.mappings.countries,
      codes: (index = 0) => {
        const table = codes[index];
        if (table === undefined) throw new RangeError(`${row.target} has too few code tables`);
        return table;
      },
      unmapped: (member) => {
        this.#reportUnmapped(row.target, member);
      },
      cut: () => {
        this.#cut.add(row.target);
      },
    });
  }

  #put(row: string, field: string, outcome: Outcome): void {
    if (outcome.kind === 'blank') {
      this.#values.delete(field);
      this.#lineage.set(field, { row, sources: [], blank: outcome.reason });
      return;
    }
    this.#values.set(field, outcome.value);
    this.#lineage.set(field, { row, sources: outcome.from.map(({ path }) => path) });
  }

  #reportUnmapped(row: string, { path, value }: Located): void {
    if (!this.#unmapped.has(path)) this.#unmapped.set(path, { row, value: textOf(value) ?? '(not a code)' });
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

function rootsOf(
  residence: Located<JsonObject> | undefined,
  mailing: Located<JsonObject> | undefined,
): Roots {
  return new Map([
    ['residence', residence],
    ['mailing', mailing],
  ]);
}
