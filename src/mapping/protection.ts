/**
 * Address protection, failing closed (Safety S1): the highest level found on the person or on any address wins, and what
 * cannot be read counts as strictly confidential.
 */
import { ProtectedPostalType } from '../person/protection.js';
import type { CodeTable } from './code-table.js';
import { elementsOf } from './elements.js';
import { isJsonList, isJsonObject, memberOf, type JsonObject, type JsonValue } from './json.js';

/** What protects a person's addresses today. */
export interface Protection {
  /** PREG's address code: 4, 6 or 7. */
  readonly postalType: ProtectedPostalType;
  /** What stands where the street line would. */
  readonly label: string;
  /** Where the deciding level stood. */
  readonly path: string;
  /**
   * Whether the register itself distributes the person's postal address as open information: so only where the person,
   * not merely an address, is known to be strictly confidential ("Decided" 4).
   */
  readonly postalAddressIsOpen: boolean;
}

interface Level {
  readonly path: string;
  /** The level as upstream wrote it; undefined for what is not text. */
  readonly name: string | undefined;
  readonly ofPerson: boolean;
}

/**
 * Finds the protection in a document.
 * @param addressLists names of the lists whose elements carry `addressConfidentiality`
 * @param reportUnknown called with each level that the table does not know
 * @returns undefined when nothing protects the person
 */
export function protectionIn(
  document: JsonObject,
  table: CodeTable,
  addressLists: readonly string[],
  reportUnknown: (level: string) => void,
): Protection | undefined {
  const levels = [
    ...personLevels(document),
    ...addressLists.flatMap((list) => addressLevels(document, list)),
  ];
  const ranked = levels
    .map((level) => ({ level, grade: gradeOf(level, table, reportUnknown) }))
    .toSorted((a, b) => b.grade.rank - a.grade.rank);
  const [highest] = ranked;
  if (highest === undefined || highest.grade.rank === 0) return undefined;
  const { postalType, label } = highest.grade;
  return {
    postalType,
    label,
    path: highest.level.path,
    postalAddressIsOpen: ranked.some(
      ({ level, grade }) =>
        level.ofPerson && grade.known && grade.postalType === ProtectedPostalType.StrictlyConfidential,
    ),
  };
}

function personLevels(document: JsonObject): readonly Level[] {
  const value = memberOf(document, 'addressProtection');
  if (value === undefined || value === null) return [];
  if (!isJsonList(value) && !isJsonObject(value))
    return [{ path: 'addressProtection', name: undefined, ofPerson: true }];
  if (isJsonList(value) && value.some((element) => element !== null && !isJsonObject(element))) {
    return [{ path: 'addressProtection', name: undefined, ofPerson: true }];
  }
  return elementsOf(document, 'addressProtection')
    .filter((element) => element.value['isValid'] !== false)
    .map((element) => ({
      path: `${element.path}.protectionLevel`,
      name: nameOf(memberOf(element.value, 'protectionLevel')),
      ofPerson: true,
    }));
}

/** Former addresses count too: the level of a place that the person once lived at still hides that place. */
function addressLevels(document: JsonObject, list: string): readonly Level[] {
  return elementsOf(document, list).flatMap((element) => {
    const level = memberOf(element.value, 'addressConfidentiality');
    if (level === undefined || level === null) return [];
    return [{ path: `${element.path}.addressConfidentiality`, name: nameOf(level), ofPerson: false }];
  });
}

function nameOf(level: JsonValue | undefined): string | undefined {
  return typeof level === 'string' ? level : undefined;
}

interface Grade {
  readonly rank: number;
  readonly postalType: ProtectedPostalType;
  readonly label: string;
  readonly known: boolean;
}

function gradeOf(level: Level, table: CodeTable, reportUnknown: (level: string) => void): Grade {
  const answer = level.name === undefined ? undefined : table.find(level.name);
  if (answer?.kind === 'mapped') {
    const { code, columns } = answer.entry;
    const rank = Number(columns['rank']);
    if (rank === 0) return { ...strictest(table), rank, known: true };
    const postalType = protectedTypeOf(code);
    if (postalType !== undefined) return { rank, postalType, label: String(columns['label']), known: true };
  } else {
    reportUnknown(level.name ?? '(not text)');
  }
  return strictest(table);
}

function strictest(table: CodeTable): Grade {
  const answer = table.find('StrictlyConfidential');
  const label = answer?.kind === 'mapped' ? String(answer.entry.columns['label']) : '';
  return { rank: Infinity, postalType: ProtectedPostalType.StrictlyConfidential, label, known: false };
}

function protectedTypeOf(code: string | number): ProtectedPostalType | undefined {
  return Object.values(ProtectedPostalType).find((type) => type === code);
}
