import { codeSystems } from '../../../contract/hl7v3/code-systems.js';
import {
  codesByMember,
  columnByCode,
  mappedMembers,
  tableNamed,
  type CodeTable,
  type CodeTables,
} from '../../../mapping/code-table.js';
import { kindOf, NationalIdKind, type NationalId } from '../../../person/national-id.js';
import { isProtected, ProtectedPostalType } from '../../../person/protection.js';

/** A field that holds the numbers of relatives in one role. */
export type RelativesField = 'mothersNIN' | 'fathersNIN' | 'spouseNIN' | 'childrensNINs';

const relativesFields: readonly RelativesField[] = ['mothersNIN', 'fathersNIN', 'spouseNIN', 'childrensNINs'];

/** The one confidentiality that hides nothing. */
const NORMAL = 'N';

/** The tables of mappings/codes read from HL7 v3's codes to PREG's. */
export class PregCodes {
  readonly #roots: ReadonlyMap<string, string>;
  readonly #relatives: ReadonlyMap<string, RelativesField>;
  readonly #maritalStatus: CodeTable;
  readonly #volvenGenders: ReadonlyMap<string, string>;
  readonly #confidentiality: ReadonlyMap<string, ProtectedPostalType>;
  readonly #superseded: ReadonlySet<string>;

  /** @throws Error when a table is missing */
  constructor(tables: CodeTables) {
    this.#roots = codesByMember(tableNamed(tables, 'identification-number-kind'));
    this.#relatives = relativesByRole(tableNamed(tables, 'family-relation'));
    this.#maritalStatus = tableNamed(tables, 'marital-status');
    const genders = columnByCode(tableNamed(tables, 'gender'), 'volven3101');
    this.#volvenGenders = new Map([...genders].map(([code, volven]) => [volven, code]));
    this.#confidentiality = strictestByConfidentiality(tableNamed(tables, 'address-protection'));
    const discontinued = codesByMember(tableNamed(tables, 'identification-status')).get('Discontinued');
    // HL7's other states of what is no more.
    this.#superseded = new Set([discontinued ?? 'obsolete', 'nullified', 'terminated']);
  }

  /** The OID root of a number, by its digits. */
  rootOf(id: NationalId): string {
    return this.#roots.get(kindOf(id)) ?? '';
  }

  /** Whether numbers of that root say who a person is in Norway: national, D- and help numbers. */
  isPersonNumberRoot(root: string | undefined): boolean {
    return [...this.#roots].some(([kind, known]) => known === root && kind !== NationalIdKind.DufNumber);
  }

  /** Whether it is the root of DUF numbers. */
  isDufRoot(root: string | undefined): boolean {
    return root !== undefined && this.#roots.get(NationalIdKind.DufNumber) === root;
  }

  /** Where the number of a relative in that role stands; undefined for a role that PREG had no field for. */
  relativesField(role: string | undefined): RelativesField | undefined {
    return role === undefined ? undefined : this.#relatives.get(role);
  }

  /** The gender of a code of HL7's or Volven's. */
  gender(code: string | undefined, system: string | undefined): 'F' | 'M' | null {
    const gender = system === codeSystems.genderVolven ? this.#volvenGenders.get(code ?? '') : code;
    return gender === 'F' || gender === 'M' ? gender : null;
  }

  /** A marital status: PREG's own code, or the first one that goes with HL7's. */
  maritalStatus(code: string, system: string | undefined): number | null {
    const mapped = mappedMembers(this.#maritalStatus).map(([, entry]) => entry);
    const isHl7 = system === codeSystems.maritalStatusHl7;
    const found = mapped.find((entry) => (isHl7 ? entry.columns['hl7v3'] : String(entry.code)) === code);
    return typeof found?.code === 'number' ? found.code : null;
  }

  /** What a confidentiality code hides; one that is on no list hides most (Safety S1). */
  protection(code: string): ProtectedPostalType | null {
    if (code === NORMAL) return null;
    return this.#confidentiality.get(code) ?? ProtectedPostalType.StrictlyConfidential;
  }

  /** Whether a number of that state is out of use. */
  isSuperseded(state: string | undefined): boolean {
    return state !== undefined && this.#superseded.has(state);
  }
}

function relativesByRole(table: CodeTable): ReadonlyMap<string, RelativesField> {
  return new Map(
    mappedMembers(table).flatMap(([, { columns }]) => {
      const field = relativesFields.find((known) => known === columns['field']);
      const role = columns['hl7v3'];
      return field === undefined || typeof role !== 'string' ? [] : [[role, field] as const];
    }),
  );
}

/** Two levels share a code: it stands for the stricter one. */
function strictestByConfidentiality(table: CodeTable): ReadonlyMap<string, ProtectedPostalType> {
  const levels = mappedMembers(table)
    .map(([, entry]) => entry)
    .toSorted((a, b) => Number(a.columns['rank']) - Number(b.columns['rank']));
  return new Map(
    levels.flatMap(({ code, columns }) => {
      const confidentiality = columns['hl7v3Confidentiality'];
      const postalType = typeof code === 'number' ? code : null;
      return typeof confidentiality === 'string' && isProtected(postalType)
        ? [[confidentiality, postalType] as const]
        : [];
    }),
  );
}
