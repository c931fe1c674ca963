import {
  codesByMember,
  columnByCode,
  columnByMember,
  tableNamed,
  type CodeTables,
} from '../../mapping/code-table.js';
import { isNationalId, kindOf, NationalIdKind } from '../../person/national-id.js';

/** What CX-5 calls the kinds of number: by HL7's table 0203, or by Volven 8116 (preg-xml-filematch-hl7v2 3.4). */
export type IdentifierTypes = 'hl7' | 'volven';

/** Relatives that NK1 tells of. */
export type Relation = 'mother' | 'father' | 'spouse' | 'child';

/** What an address is of the person's, as mappings/codes/address-kind.yaml lists it. */
export type AddressKind = 'residential' | 'present' | 'mailing' | 'foreign-stay';

/** The domain that numbers belong to, and what numbers of it are called. */
export interface IdentifierKind {
  /** OID. */
  readonly domain: string;
  /** CX-5. */
  readonly type: string;
}

/** The columns of mappings/codes that HL7 v2 needs. */
export class Hl7v2Codes {
  readonly #domains: ReadonlyMap<string, string>;
  readonly #types: ReadonlyMap<string, string>;
  readonly #maritalStatus: ReadonlyMap<string, string>;
  readonly #relations: ReadonlyMap<string, string>;
  readonly #addressKinds: ReadonlyMap<string, string>;
  readonly #protection: ReadonlyMap<string, string>;
  readonly #domainNames: ReadonlyMap<string, string>;
  readonly #vagueNames: ReadonlyMap<string, string>;

  /** @throws Error when a table is missing */
  constructor(tables: CodeTables, identifierTypes: IdentifierTypes) {
    const kinds = tableNamed(tables, 'identification-number-kind');
    this.#domains = codesByMember(kinds);
    this.#types = columnByMember(kinds, identifierTypes === 'hl7' ? 'hl7v2' : 'volven8116');
    this.#maritalStatus = columnByCode(tableNamed(tables, 'marital-status'), 'hl7v2');
    this.#relations = columnByCode(tableNamed(tables, 'family-relation'), 'hl7v2');
    this.#addressKinds = codesByMember(tableNamed(tables, 'address-kind'));
    this.#protection = columnByCode(tableNamed(tables, 'address-protection'), 'hl7v2Protection');
    const names = tableNamed(tables, 'identifier-domain');
    this.#domainNames = codesByMember(names);
    this.#vagueNames = columnByMember(names, 'vague');
  }

  /** Domain and type of a number by its digits; undefined for what is no number that may be looked up. */
  kindOf(id: string): IdentifierKind | undefined {
    if (!isNationalId(id)) return undefined;
    const kind = kindOf(id);
    const domain = this.#domains.get(kind);
    return domain === undefined ? undefined : { domain, type: this.#types.get(kind) ?? '' };
  }

  /** Whether numbers of that OID say who a person is in Norway: national, D- and help numbers. */
  isPersonNumberDomain(oid: string): boolean {
    return personNumberKinds.some((kind) => this.#domains.get(kind) === oid);
  }

  /** The OIDs that a namespace or type stands for, all of them where it is used of any; none for one that is not known. */
  domainsNamed(name: string): readonly string[] {
    const kind = this.#domainNames.get(name.toUpperCase());
    if (kind === 'any') return this.domains;
    const domain = kind === undefined ? undefined : this.#domains.get(kind);
    return domain === undefined ? [] : [domain];
  }

  /** Whether a name says that a number is somebody's in some domain, and not in which: hospitals give such numbers too. */
  isVague(name: string): boolean {
    return this.#vagueNames.has(name.toUpperCase());
  }

  /** The OIDs of all kinds of number. */
  get domains(): readonly string[] {
    return [...this.#domains.values()];
  }

  /** PID-16, table 0002. */
  maritalStatus(code: number): string | undefined {
    return this.#maritalStatus.get(String(code));
  }

  /** NK1-3, table 0063. */
  relation(relation: Relation): string | undefined {
    return this.#relations.get(relation);
  }

  /** XAD-7, table 0190. */
  addressKind(kind: AddressKind): string | undefined {
    return this.#addressKinds.get(kind);
  }

  /** PD1-12 of somebody with a protected address code. */
  protection(postalType: number): string | undefined {
    return this.#protection.get(String(postalType));
  }
}

const personNumberKinds = [
  NationalIdKind.NationalIdentityNumber,
  NationalIdKind.DNumber,
  NationalIdKind.HelpNumber,
] as const;
