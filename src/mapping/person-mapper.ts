import type { CalendarDate } from '../person/calendar-date.js';
import type { FieldOrigin, Lineage } from '../person/lineage.js';
import type { NationalId } from '../person/national-id.js';
import type { MailingAddress, PregAddress, PregPerson } from '../person/preg-person.js';
import { ProtectedPostalType } from '../person/protection.js';
import type { CodeTable, CodeTables } from './code-table.js';
import type { Countries } from './countries.js';
import type { Located } from './elements.js';
import type { FieldRow, FieldTable } from './field-table.js';
import { FieldValues } from './field-values.js';
import type { Fill } from './information-parts.js';
import { textOf, type JsonObject } from './json.js';
import { addressLinesOf, mailingAddressIn, mailingElement } from './mailing-address.js';
import { protectionIn, type Protection } from './protection.js';
import { residenceIn, type Residence } from './residence.js';
import { resolvePath, type Roots } from './source-path.js';
import type { FieldValue, Outcome } from './transform.js';

/** A person in PREG's terms, and how it came to be. */
export interface MappedPerson {
  readonly person: PregPerson;
  /** By field, addresses as `addresses[0].st`. */
  readonly lineage: Lineage;
  /** Upstream enumeration members that the tables do not know, each once per row. */
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

/** The fields that remain of an address without a street: no fixed abode shows its municipality number alone ("Decided" 4). */
const NO_FIXED_ABODE = 5;
const SHOWN_WITHOUT_ABODE = new Set([
  'postalType',
  'datePostalType',
  'nin',
  'currentAddress',
  'dateAdrFrom',
  'st',
]);

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
      for (const { value } of resolvePath(path, this.document)) {
        const member = textOf(value);
        if (member !== undefined && codes.find(member) === undefined) this.#reportUnmapped(path.text, member);
      }
    }
  }

  #addresses(): readonly PregAddress[] {
    const { fields, addressProtection } = this.mappings;
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
    const mailing = mailingElement(this.document);
    if (residence === undefined && mailing === undefined) return [];
    return [this.#openAddress(residence, mailing)];
  }

  #openAddress(residence: Residence | undefined, mailing: Located<JsonObject> | undefined): PregAddress {
    const roots = rootsOf(residence, mailing);
    for (const row of this.#addressRows()) this.#fill(row, CURRENT_ADDRESS + nameOf(row), roots);
    const withoutAbode = this.#values.get(`${CURRENT_ADDRESS}postalType`) === NO_FIXED_ABODE;
    if (withoutAbode) this.#blankAddressBut(SHOWN_WITHOUT_ABODE, 'no fixed abode');
    return addressOf(this.request.nin, new FieldValues(this.#values, CURRENT_ADDRESS), {
      source: withoutAbode ? null : (residence?.source ?? null),
      mailing:
        withoutAbode || mailing === undefined ? null : mailingAddressIn(mailing, this.mappings.countries),
    });
  }

  /** Nothing of a protected address is even read, but the postal address that the register itself distributes. */
  #maskedAddress(protection: Protection): PregAddress {
    this.#blankAddressBut(new Set(), 'protected');
    const lines =
      protection.postalType === ProtectedPostalType.StrictlyConfidential && protection.postalAddressIsOpen
        ? this.#openPostalLines()
        : [];
    const shown = new Map<string, FieldValue>([
      ['postalType', protection.postalType],
      ['postalAddress', protection.label],
      ['nin', this.request.nin],
      ['currentAddress', true],
      ...lines.map((line, index) => [`addressLine${index + 1}`, line] as const),
    ]);
    for (const [name, value] of shown) {
      this.#put(`addresses.${name}`, CURRENT_ADDRESS + name, {
        kind: 'value',
        value,
        from: [{ path: protection.path, value: null }],
      });
    }
    return addressOf(this.request.nin, new FieldValues(this.#values, CURRENT_ADDRESS), {
      source: null,
      mailing: null,
    });
  }

  #openPostalLines(): readonly string[] {
    const element = mailingElement(this.document);
    if (element?.path.startsWith('postalAddress') !== true) return [];
    const level = element.value['addressConfidentiality'] ?? null;
    if (level !== null && level !== 'Unclassified') return [];
    const mailing = mailingAddressIn(element, this.mappings.countries);
    return mailing === null ? [] : addressLinesOf(mailing).lines;
  }

  #addressRows(): readonly FieldRow[] {
    return this.mappings.fields.rows.filter(({ target }) => target.startsWith(ADDRESS_PREFIX));
  }

  #blankAddressBut(shown: ReadonlySet<string>, reason: string): void {
    for (const row of this.#addressRows()) {
      if (!shown.has(nameOf(row)))
        this.#put(row.target, CURRENT_ADDRESS + nameOf(row), { kind: 'blank', reason });
    }
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
      codes: () => {
        if (codes === undefined) throw new Error(`mappings/person.yaml: ${row.target} names no code table`);
        return codes;
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

  #reportUnmapped(row: string, value: string): void {
    this.#unmapped.set(`${row} ${value}`, { row, value });
  }
}

function nameOf({ target }: FieldRow): string {
  return target.slice(ADDRESS_PREFIX.length);
}

function rootsOf(residence: Residence | undefined, mailing: Located<JsonObject> | undefined): Roots {
  const roots = new Map<string, Located<JsonObject>>();
  if (residence !== undefined) roots.set('residence', residence.element);
  if (mailing !== undefined) roots.set('mailing', mailing);
  return roots;
}

function personOf(nin: NationalId, fields: FieldValues): Omit<PregPerson, 'addresses'> {
  const gender = fields.text('gender');
  return {
    nin,
    newNIN: fields.text('newNIN'),
    oldNIN: fields.text('oldNIN'),
    supersededNINs: fields.nationalIds('supersededNINs'),
    alternativeNINs: fields.nationalIds('alternativeNINs'),
    dufNo: fields.text('dufNo'),
    givenName: fields.text('givenName'),
    middleName: fields.text('middleName'),
    sn: fields.text('sn'),
    dateName: fields.day('dateName'),
    dateOfBirth: fields.day('dateOfBirth'),
    gender: gender === 'F' || gender === 'M' ? gender : null,
    regStatus: fields.number('regStatus'),
    dateStatus: fields.day('dateStatus'),
    statusCountryCode: fields.number('statusCountryCode'),
    deceased: fields.flag('deceased'),
    dateOfDeath: fields.day('dateOfDeath'),
    maritalStatus: fields.number('maritalStatus'),
    dateMaritalStatus: fields.day('dateMaritalStatus'),
    spouseNIN: fields.text('spouseNIN'),
    mothersNIN: fields.text('mothersNIN'),
    fathersNIN: fields.text('fathersNIN'),
    childrensNINs: fields.list('childrensNINs'),
    custody: fields.text('custody'),
    dateCustody: fields.day('dateCustody'),
    parentalResponsibility: fields.number('parentalResponsibility'),
    dateParentalResponsibility: fields.day('dateParentalResponsibility'),
    citizenship: fields.text('citizenship'),
    citizenshipCode: fields.text('citizenshipCode'),
    dateCitizenship: fields.day('dateCitizenship'),
    citizenships: fields.list('citizenships'),
    withoutLegalCapacity: fields.text('withoutLegalCapacity'),
    dateWithoutLegalCapacity: fields.day('dateWithoutLegalCapacity'),
    workPermit: fields.text('workPermit'),
    dateWorkPermit: fields.day('dateWorkPermit'),
  };
}

function addressOf(
  nin: NationalId,
  fields: FieldValues,
  origin: { readonly source: PregAddress['source']; readonly mailing: MailingAddress | null },
): PregAddress {
  return {
    nin,
    addressLine1: fields.text('addressLine1'),
    addressLine2: fields.text('addressLine2'),
    addressLine3: fields.text('addressLine3'),
    apartmentNumber: fields.text('apartmentNumber'),
    basicStatisticalUnit: fields.number('basicStatisticalUnit'),
    cadastralNumber: fields.text('cadastralNumber'),
    coAddress: fields.text('coAddress'),
    constituency: fields.text('constituency'),
    country: fields.text('country'),
    countryCode: fields.text('countryCode'),
    currentAddress: fields.flag('currentAddress') ?? true,
    dateAdrFrom: fields.day('dateAdrFrom'),
    datePostalType: fields.day('datePostalType'),
    districtCode: fields.text('districtCode'),
    districtName: fields.text('districtName'),
    houseLetter: fields.text('houseLetter'),
    houseNumber: fields.number('houseNumber'),
    municipality: fields.text('municipality'),
    postalAddress: fields.text('postalAddress'),
    postalAddressValidFrom: fields.day('postalAddressValidFrom'),
    postalCode: fields.text('postalCode'),
    postalPlace: fields.text('postalPlace'),
    postalType: fields.number('postalType'),
    propertyNumber: fields.text('propertyNumber'),
    schoolDistrict: fields.text('schoolDistrict'),
    st: fields.text('st'),
    streetName: fields.text('streetName'),
    streetNumber: fields.text('streetNumber'),
    xCoord: fields.number('xCoord'),
    yCoord: fields.number('yCoord'),
    ...origin,
  };
}
