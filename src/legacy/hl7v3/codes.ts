import {
  codesByMember,
  columnByCode,
  mappedMembers,
  tableNamed,
  type CodeTable,
  type CodeTables,
} from '../../mapping/code-table.js';
import { codeSystems } from '../../contract/hl7v3/code-systems.js';
import { isNationalId, kindOf, NationalIdKind } from '../../person/national-id.js';

/** A PREG code as HL7 v3 sends it: with the texts and codes of mappings/codes beside it. */
export interface CodeDisplay {
  readonly text: string | undefined;
  readonly hl7v3: string | undefined;
  readonly hl7v3Text: string | undefined;
}

/** The columns of mappings/codes that HL7 v3 needs, found by PREG's code. */
export class Hl7v3Codes {
  readonly #roots: ReadonlyMap<string, string>;
  readonly #maritalStatus: ReadonlyMap<string, CodeDisplay>;
  readonly #relations: ReadonlyMap<string, CodeDisplay>;
  readonly #confidentiality: ReadonlyMap<string, string>;
  readonly #idStates: ReadonlyMap<string, string>;
  readonly #volvenGenders: ReadonlyMap<string, string>;

  /** @throws Error when a table is missing. */
  constructor(tables: CodeTables) {
    this.#roots = codesByMember(tableNamed(tables, 'identification-number-kind'));
    this.#idStates = codesByMember(tableNamed(tables, 'identification-status'));
    const genders = columnByCode(tableNamed(tables, 'gender'), 'volven3101');
    this.#volvenGenders = new Map([...genders].map(([code, volven]) => [volven, code]));
    this.#maritalStatus = displaysOf(tableNamed(tables, 'marital-status'));
    this.#relations = displaysOf(tableNamed(tables, 'family-relation'));
    this.#confidentiality = columnByCode(tableNamed(tables, 'address-protection'), 'hl7v3Confidentiality');
  }

  /** The OID root of a number, by its digits (preg-hl7v3 5.2); undefined for what is no number that may be looked up. */
  rootOf(id: string): string | undefined {
    return isNationalId(id) ? this.#roots.get(kindOf(id)) : undefined;
  }

  /** Whether numbers of that root say who a person is in Norway: national, D- and help numbers. */
  isPersonNumberRoot(root: string): boolean {
    return personNumberKinds.some((kind) => this.#roots.get(kind) === root);
  }

  /**
   * The gender that a code stands for, HL7's or Volven 3101 (preg-hl7v3 5.4). Null for a code that says the gender is
   * neither or not known; undefined for what is no code of the system.
   */
  genderFor(code: string, codeSystem: string | undefined): 'F' | 'M' | null | undefined {
    const isVolven = codeSystem === codeSystems.genderVolven;
    if (isVolven ? code === '0' || code === '9' : code === 'UN') return null;
    const gender = isVolven ? this.#volvenGenders.get(code) : code;
    return gender === 'F' || gender === 'M' ? gender : undefined;
  }

  /** Display texts of a marital status code. */
  maritalStatus(code: number): CodeDisplay | undefined {
    return this.#maritalStatus.get(String(code));
  }

  /** The HL7 role of a relation: mother, father, spouse or child. */
  relation(relation: 'mother' | 'father' | 'spouse' | 'child'): CodeDisplay | undefined {
    return this.#relations.get(relation);
  }

  /** The confidentiality code that goes with a protected address code. */
  confidentiality(postalType: number): string | undefined {
    return this.#confidentiality.get(String(postalType));
  }

  /** The state of a linked number. */
  idState(superseded: boolean): string | undefined {
    return this.#idStates.get(superseded ? 'Discontinued' : 'InUse');
  }
}

const personNumberKinds = [
  NationalIdKind.NationalIdentityNumber,
  NationalIdKind.DNumber,
  NationalIdKind.HelpNumber,
] as const;

function displaysOf(codes: CodeTable): ReadonlyMap<string, CodeDisplay> {
  const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return new Map(
    mappedMembers(codes).map(([, { code, columns }]) => [
      String(code),
      {
        text: textOf(columns['text']),
        hl7v3: textOf(columns['hl7v3']),
        hl7v3Text: textOf(columns['hl7v3Text']),
      },
    ]),
  );
}
