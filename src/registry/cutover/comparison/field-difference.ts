import type { CalendarDate } from '../../../person/calendar-date.js';
import type { ComparedRow, FieldRow, Form } from './compared-row.js';
import type { FieldDifference, ValueKind } from './comparer.js';
import type { ComparisonRules } from './comparison-rules.js';
import type { ConditionContext } from './conditions.js';
import { isOfField, type Difference, type Side } from './difference.js';
import { shownValue } from './normal-value.js';
import { isOpen, numbersOf, protectionGrade } from './protection-grade.js';

/** What it depends on besides the rules how a difference is told. */
export interface Circumstances {
  readonly recentSince: CalendarDate;
  /** Whether people were searched for by address. */
  readonly isByAddress: boolean;
  /** The numbers of the people in either answer whom something protects. */
  readonly protectedNumbers: ReadonlySet<string>;
}

/** A difference with the reason to expect it, if there is one, and with nothing of people who may be protected. */
export function classified(
  difference: Difference,
  rules: ComparisonRules,
  circumstances: Circumstances,
): FieldDifference {
  const { row, sides } = difference;
  const reason = reasonFor(difference, rules, circumstances);
  const values = valuesOf(difference, circumstances.protectedNumbers);
  return {
    field: row.name,
    isIdentity: row.isIdentity,
    ...(reason === undefined ? { class: 'unexplained' } : { class: 'expected', reason }),
    kinds: { preg: kindOf(row, sides.preg), persontjenesten: kindOf(row, sides.persontjenesten) },
    ...(values === undefined ? {} : { values }),
  };
}

/** The first rule that fits. */
function reasonFor(
  difference: Difference,
  rules: ComparisonRules,
  { recentSince, isByAddress }: Circumstances,
): string | undefined {
  if (isProtectionLost(difference)) return undefined;
  const context: ConditionContext = {
    spellings: rules.spellings,
    recentSince,
    isByAddress,
    together: ({ of, together }) => rowsTogether(rules, of, together),
  };
  const fits = rules.rules.find(
    ({ fields, when }) =>
      fields.has(difference.row.name) && when.every((condition) => condition(difference, context)),
  );
  return fits?.name;
}

function rowsTogether(
  rules: ComparisonRules,
  of: FieldRow['of'],
  name: string | undefined,
): readonly FieldRow[] {
  if (name === undefined) return [];
  const rows: readonly FieldRow[] = of === 'person' ? rules.personRows : rules.addressRows;
  return rows.filter(({ together }) => together === name);
}

/**
 * Whether it is about the address of somebody whom PREG protects and the new register does not. No rule may
 * expect that: it would tell where somebody lives who is in hiding (Safety S1).
 */
function isProtectionLost({ row, sides: { preg, persontjenesten } }: Difference): boolean {
  if (preg.hit === undefined || persontjenesten.hit === undefined) return false;
  const isOfAddresses = row.of === 'address' || row.name.startsWith('addresses');
  return isOfAddresses && protectionGrade(preg.hit) > 0 && protectionGrade(persontjenesten.hit) === 0;
}

const kinds: Readonly<Record<Form, ValueKind>> = {
  number: 'number',
  numbers: 'list',
  items: 'list',
  days: 'list',
  code: 'code',
  quantity: 'number',
  day: 'date',
  flag: 'flag',
  name: 'text',
  street: 'text',
  careOf: 'text',
};

function kindOf(row: ComparedRow, { normal }: Side): ValueKind {
  if (normal === null) return 'blank';
  if (row.of !== 'answer') return kinds[row.form];
  switch (row.name) {
    case 'person':
    case 'hits':
      return 'person';
    case 'addresses':
      return 'list';
    case 'addresses.mailing':
      return 'text';
    case 'total':
      return 'number';
  }
}

/** What the registers say, where both show that nothing protects the person and it is about nobody else. */
function valuesOf(difference: Difference, protectedNumbers: ReadonlySet<string>): FieldDifference['values'] {
  const { preg, persontjenesten } = difference.sides;
  if (!isOfField(difference) || difference.row.isOfRelative) return undefined;
  const isKnownOpen = ({ hit }: Side): boolean =>
    // Somebody who is listed twice may be protected in one place alone.
    hit !== undefined && isOpen(hit) && !numbersOf(hit).some((number) => protectedNumbers.has(number));
  if (!isKnownOpen(preg) || !isKnownOpen(persontjenesten)) return undefined;
  const values = { preg: shownValue(preg.raw), persontjenesten: shownValue(persontjenesten.raw) };
  // A number stands in records of other people, too.
  const told = `${values.preg ?? ''} ${values.persontjenesten ?? ''}`;
  return [...protectedNumbers].some((number) => told.includes(number)) ? undefined : values;
}
