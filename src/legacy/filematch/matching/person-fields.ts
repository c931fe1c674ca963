import type { CodeTable, CodeTables } from '../../../mapping/code-table.js';
import { kindOf, type NationalId } from '../../../person/national-id.js';
import type { PregAddress, PregPerson } from '../../../person/preg-person.js';
import { outputFields, type OutputField, type OutputRow } from '../record.js';
import { currentAddress } from './change-mask.js';

/** What is told of a country. */
export interface CountryCode {
  /** Three digits of the DSF list. */
  readonly code: string;
}

/** The table of countries, as far as Filematch writes them. */
export interface CountryCodes {
  byAlpha3(alpha3: string): CountryCode | undefined;
  /** By Norwegian name, however it is capitalised. */
  byName(name: string): CountryCode | undefined;
}

/** The code lists that Filematch writes by. */
export interface FilematchTables {
  readonly codes: CodeTables;
  readonly countries: CountryCodes;
}

/** What `idType` may be here: internal H-numbers are never looked up, and other kinds have no place in the record. */
const ID_TYPES: ReadonlySet<string> = new Set(['FNR', 'DNR', 'FHN']);
const UNKNOWN_KIND = 'UKJ';

/** Writes people in the fields of the output record (preg-xml-filematch-hl7v2 2.4). What the person's record leaves blank is blank. */
export class PersonFields {
  readonly #idTypes: ReadonlyMap<string, string>;
  readonly #sexes: ReadonlyMap<string, string>;

  /** @throws Error when a table is missing */
  constructor(private readonly tables: FilematchTables) {
    this.#idTypes = columnByMember(table(tables.codes, 'identification-number-kind'), 'volven8116');
    this.#sexes = columnByCode(table(tables.codes, 'gender'), 'dsf');
  }

  /** `M` or `K`; empty where it is not told. */
  sexOf({ gender }: PregPerson): string {
    return gender === null ? '' : (this.#sexes.get(gender) ?? '');
  }

  /**
   * All fields of the person but those that tell of the match. `oldNin` is the number that the one in use took the place of;
   * a search lists no former numbers.
   */
  of(person: PregPerson): OutputRow {
    const address = currentAddress(person);
    return filledOnly({
      nin: person.nin,
      idType: this.#idTypeOf(person.nin),
      oldNin: person.oldNIN ?? person.supersededNINs[0] ?? null,
      surname: person.sn,
      givenName: person.givenName,
      middleName: person.middleName,
      dateOfBirth: person.dateOfBirth,
      sex: this.sexOf(person),
      regStatus: digits(person.regStatus, 1),
      regStatusDate: person.dateStatus,
      statusCountry: digits(person.statusCountryCode, 3),
      maritalStatus: digits(person.maritalStatus, 1),
      maritalStatusDate: person.dateMaritalStatus,
      citizenship: person.citizenshipCode,
      spouseNin: person.spouseNIN,
      mothersNin: person.mothersNIN,
      fathersNin: person.fathersNIN,
      custody: person.custody,
      ...(address === undefined ? {} : this.#addressFields(address)),
    });
  }

  #idTypeOf(number: NationalId): string {
    const type = this.#idTypes.get(kindOf(number)) ?? '';
    return ID_TYPES.has(type) ? type : UNKNOWN_KIND;
  }

  #addressFields(address: PregAddress): Blankable {
    return {
      postalType: digits(address.postalType, 1),
      postalTypeDate: address.datePostalType,
      coAddress: address.coAddress,
      postalAddress: address.postalAddress,
      apartmentNumber: address.apartmentNumber,
      postalCode: address.postalCode,
      postalPlace: address.postalPlace,
      municipality: address.st,
      municipalityName: address.municipality,
      districtCode: address.districtCode,
      addressFrom: address.dateAdrFrom,
      addressLine1: address.addressLine1,
      addressLine2: address.addressLine2,
      addressLine3: address.addressLine3,
      postalCountry: this.#postalCountry(address),
    };
  }

  /** The country that the address lines end in; that of a residence is told nowhere. */
  #postalCountry({ addressLine1, mailing, country }: PregAddress): string | null {
    if (addressLine1 === null) return null;
    const { countries } = this.tables;
    const alpha3 = mailing?.countryCode ?? '';
    return (alpha3 === '' ? countries.byName(country ?? '') : countries.byAlpha3(alpha3))?.code ?? null;
  }
}

type Blankable = Readonly<Partial<Record<OutputField, string | null>>>;

function filledOnly(fields: Blankable): OutputRow {
  const row: Partial<Record<OutputField, string>> = {};
  for (const field of outputFields) {
    const value = fields[field];
    if (value !== undefined && value !== null && value !== '') row[field] = value;
  }
  return row;
}

function digits(value: number | null, length: number): string | null {
  return value === null ? null : String(value).padStart(length, '0');
}

function table(codes: CodeTables, name: string): CodeTable {
  const found = codes.get(name);
  if (found === undefined) throw new Error(`mappings/codes/${name}.yaml is missing`);
  return found;
}

function columnByMember(codes: CodeTable, column: string): ReadonlyMap<string, string> {
  return columnOf(codes, column, (member) => member);
}

function columnByCode(codes: CodeTable, column: string): ReadonlyMap<string, string> {
  return columnOf(codes, column, (_, code) => code);
}

function columnOf(
  codes: CodeTable,
  column: string,
  keyOf: (member: string, code: string) => string,
): ReadonlyMap<string, string> {
  return new Map(
    codes.members.flatMap((member) => {
      const answer = codes.find(member);
      if (answer?.kind !== 'mapped') return [];
      const { code, columns } = answer.entry;
      const value = columns[column];
      return value === undefined ? [] : [[keyOf(member, String(code)), String(value)] as const];
    }),
  );
}
