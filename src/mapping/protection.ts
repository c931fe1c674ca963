/**
 * Address protection, failing closed (Safety S1): the highest level found on the person or on any address wins, and what
 * cannot be read counts as strictly confidential.
 */
import { ProtectedPostalType } from '../person/protection.js';
import type { CodeTable } from './code-table.js';
import type { ElementIndex } from './element-index.js';
import { memberAt, type Located } from './elements.js';
import { isJsonList, isJsonObject, memberOf, type JsonObject, type JsonValue } from './json.js';
import { STRICTEST, UNPROTECTED } from './protection-floor.js';

/** The list of the person's own levels; those of addresses stand at the addresses. */
const PERSON_LIST = 'addressProtection';

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

/** A level where it stood; a value that is not the name of one is an unknown level. */
interface Level extends Located {
  readonly ofPerson: boolean;
}

/**
 * Finds the protection in a document.
 * @param addressLists names of the lists whose elements carry `addressConfidentiality`
 * @param reportUnknown called with each level that the table does not know
 * @returns undefined when nothing protects the person
 */
export function protectionIn(
  document: ElementIndex,
  table: CodeTable,
  addressLists: readonly string[],
  reportUnknown: (level: Located) => void,
): Protection | undefined {
  const levels = [
    ...personLevels(document),
    ...addressLists.flatMap((list) => addressLevels(document, list)),
  ].filter(({ value }) => value !== UNPROTECTED);
  if (levels.length === 0) return undefined;
  const [highest] = levels
    .map((level) => ({ level, ...gradeOf(level, table, reportUnknown) }))
    .toSorted((a, b) => b.rank - a.rank);
  if (highest === undefined) return undefined;
  return {
    postalType: highest.postalType,
    label: highest.label,
    path: highest.level.path,
    postalAddressIsOpen: levels.some(({ ofPerson, value }) => ofPerson && value === STRICTEST),
  };
}

function personLevels(document: ElementIndex): readonly Level[] {
  const list = memberOf(document.object, PERSON_LIST);
  // Protection without a level is protection nonetheless, and so is an element that is none.
  if (isJsonList(list) && list.includes(null)) return [unreadable(PERSON_LIST)];
  return levelsIn(document, PERSON_LIST, (element) => {
    if (element.value['isValid'] === false) return [];
    const level = memberAt(element, 'protectionLevel');
    return level.value === null ? [unreadable(element.path)] : [{ ...level, ofPerson: true }];
  });
}

function unreadable(path: string): Level {
  return { path, value: null, ofPerson: false };
}

/** Former addresses count too: the level of a place that the person once lived at still hides that place. */
function addressLevels(document: ElementIndex, list: string): readonly Level[] {
  return levelsIn(document, list, (element) => {
    const level = memberAt(element, 'addressConfidentiality');
    return level.value === null ? [] : [{ ...level, ofPerson: false }];
  });
}

/** The levels of a list's elements; an unknown one in place of a list that is none. */
function levelsIn(
  document: ElementIndex,
  list: string,
  levelsOf: (element: Located<JsonObject>) => readonly Level[],
): readonly Level[] {
  const value = memberOf(document.object, list) ?? null;
  if (value === null) return [];
  return isElements(value) ? document.all(list).flatMap(levelsOf) : [unreadable(list)];
}

function isElements(value: JsonValue | undefined): boolean {
  const isElement = (item: JsonValue | undefined): boolean => (item ?? null) === null || isJsonObject(item);
  return isJsonList(value) ? value.every(isElement) : isElement(value);
}

interface Grade {
  readonly rank: number;
  readonly postalType: ProtectedPostalType;
  readonly label: string;
}

function gradeOf(level: Level, table: CodeTable, reportUnknown: (level: Located) => void): Grade {
  const known = typeof level.value === 'string' ? gradeNamed(level.value, table) : undefined;
  if (known !== undefined) return known;
  reportUnknown(level);
  const label = gradeNamed(STRICTEST, table)?.label ?? '';
  return { rank: Infinity, postalType: ProtectedPostalType.StrictlyConfidential, label };
}

function gradeNamed(name: string, table: CodeTable): Grade | undefined {
  const answer = table.find(name);
  if (answer?.kind !== 'mapped') return undefined;
  const { code, columns } = answer.entry;
  const postalType = Object.values(ProtectedPostalType).find((type) => type === code);
  return postalType === undefined
    ? undefined
    : { rank: Number(columns['rank']), postalType, label: String(columns['label']) };
}
