import { z } from 'zod';
import type { CalendarDate } from '../../../person/calendar-date.js';
import { kindOf, NationalIdKind } from '../../../person/national-id.js';
import type { FieldRow, Place } from './compared-row.js';
import { isOfField, type Difference, type PlacedAddress, type Side } from './difference.js';
import { ITEM_END, normalValue, shownValue, type RawValue } from './normal-value.js';
import { protectionGrade } from './protection-grade.js';
import type { Spellings } from './text-forms.js';
import { isAbbreviated, isCut, isWrittenWithout } from './text-likeness.js';

/** What a condition depends on besides the difference. */
export interface ConditionContext {
  readonly spellings: Spellings;
  /** From then on data of the new register counts as fresher where PREG tells no day. */
  readonly recentSince: CalendarDate;
  /** Whether people were searched for by address. */
  readonly isByAddress: boolean;
  /** The rows that say something together with another, itself included. */
  readonly together: (row: FieldRow) => readonly FieldRow[];
}

/** Whether something holds of a difference. Pure. */
export type Condition = (difference: Difference, context: ConditionContext) => boolean;

/** The conditions that need nothing said besides. */
const named = {
  'old-blank': ({ sides }) => isBlank(sides.preg),
  'new-blank': ({ sides }) => isBlank(sides.persontjenesten),
  'one-blank': ({ sides }) => isBlank(sides.preg) || isBlank(sides.persontjenesten),
  'new-later': isNewLater,
  'by-address': (_difference, { isByAddress }) => isByAddress,
  'old-not-dead': ({ sides: { preg } }) => !isDead(preg),
  'others-superseded': ({ sides }) => areOthersSuperseded(sides),
  'old-later': ({ sides: { preg, persontjenesten } }) =>
    preg.normal !== null && persontjenesten.normal !== null && preg.normal > persontjenesten.normal,
  'nobody-protected': ({ sides }) => grade(sides.preg) === 0 && grade(sides.persontjenesten) === 0,
  'old-protected': ({ sides }) => grade(sides.preg) > 0,
  'new-stricter': ({ sides }) => grade(sides.persontjenesten) > grade(sides.preg),
  'both-protected': ({ sides }) => grade(sides.preg) > 0 && grade(sides.persontjenesten) > 0,
  former: ({ sides }) => !isCurrent(sides.preg.placed) && !isCurrent(sides.persontjenesten.placed),
  'old-within-new': ({ sides: { preg, persontjenesten } }) =>
    isWithin(preg.normal, persontjenesten.normal, ITEM_END),
  'words-within': ({ sides: { preg, persontjenesten } }) =>
    bothTold(preg, persontjenesten) &&
    (isWithin(preg.normal, persontjenesten.normal, ' ') ||
      isWithin(persontjenesten.normal, preg.normal, ' ')),
  'same-together': (difference, context) => {
    const [old, fresh] = wordsTogether(difference, context);
    return old.length > 0 && old.join(' ') === fresh.join(' ');
  },
  'within-together': (difference, context) => {
    const [old, fresh] = wordsTogether(difference, context);
    return old.length > 0 && fresh.length > 0 && (includes(old, fresh) || includes(fresh, old));
  },
  cut: ({ row, sides }, { spellings }) =>
    row.of !== 'answer' && row.length !== undefined && ofTexts(sides, isCut(row.length, spellings)),
  abbreviated: ({ row, sides: { preg, persontjenesten } }) =>
    preg.normal !== null &&
    persontjenesten.normal !== null &&
    // Names of people stand there: the beginning of one is another one.
    isAbbreviated(preg.normal, persontjenesten.normal, row.of !== 'answer' && row.form === 'careOf'),
  'lost-letters': ({ sides }, { spellings }) => ofTexts(sides, isWrittenWithout(spellings)),
  'same-ending': ({ sides: { preg, persontjenesten } }) =>
    bothTold(preg, persontjenesten) &&
    areOfOneEnding(shownValue(preg.raw) ?? '', shownValue(persontjenesten.raw) ?? ''),
  'old-is-number': ({ sides: { preg, persontjenesten } }) =>
    /^[0-9]+$/.test(preg.normal ?? '') && persontjenesten.normal !== null,
} satisfies Record<string, Condition>;
type NamedCondition = keyof typeof named;

/** The names of the conditions that need nothing said besides. */
export const namedConditions = Object.keys(named);

const texts = z.array(z.string().min(1)).min(1);

/** A condition as it is written in mappings/comparison.yaml. */
export const conditionSchema = z.union([
  z.string().refine(isNamed, { error: `one of ${namedConditions.join(', ')}` }),
  z.strictObject({ pairs: z.array(z.tuple([z.string(), z.string()])).min(1) }),
  z.strictObject({ old: texts }),
  z.strictObject({ told: texts }),
  z.strictObject({ subject: z.array(z.enum(Object.values(NationalIdKind))).min(1) }),
  z.strictObject({ same: texts }),
  z.strictObject({ anySame: texts }),
  z.strictObject({ municipalities: z.array(z.strictObject({ old: texts, new: texts })).min(1) }),
  z.strictObject({ where: z.record(z.string(), texts) }),
  z.strictObject({ newBlankBecause: texts }),
  z.strictObject({ withinDays: z.number().int().positive() }),
  z.strictObject({ withinPercent: z.number().positive().max(100) }),
]);

function isNamed(name: string): name is NamedCondition {
  return Object.hasOwn(named, name);
}

/** The condition that is meant. @param rowNamed throws for a name without a row */
export function conditionOf(
  written: z.infer<typeof conditionSchema>,
  rowNamed: (name: string) => FieldRow,
): Condition {
  if (typeof written === 'string') return named[written];
  if ('pairs' in written) return isPair(written.pairs);
  if ('old' in written) return ({ sides }) => written.old.includes(sides.preg.normal ?? '');
  if ('told' in written) return isOneTold(written.told);
  if ('subject' in written) return isAbout(written.subject);
  if ('same' in written) return areSame(written.same.map(rowNamed));
  if ('anySame' in written) return isAnySame(written.anySame.map(rowNamed));
  if ('municipalities' in written) return areRenumbered(written.municipalities);
  if ('where' in written)
    return isWhere(Object.entries(written.where).map(([name, values]) => [rowNamed(name), values]));
  if ('newBlankBecause' in written) return isBlankBecause(written.newBlankBecause);
  return 'withinDays' in written ? areDaysWithin(written.withinDays) : areCountsWithin(written.withinPercent);
}

function isPair(pairs: readonly (readonly [string, string])[]): Condition {
  return ({ sides: { preg, persontjenesten } }) =>
    pairs.some(([old, fresh]) => preg.normal === old && persontjenesten.normal === fresh);
}

function isOneTold(values: readonly string[]): Condition {
  return ({ sides: { preg, persontjenesten } }) =>
    isBlank(preg) !== isBlank(persontjenesten) &&
    values.includes(preg.normal ?? persontjenesten.normal ?? '');
}

function isAbout(kinds: readonly string[]): Condition {
  return ({ sides: { preg, persontjenesten } }) => {
    const told = [preg.hit, persontjenesten.hit].filter((hit) => hit !== undefined);
    return told.length > 0 && told.every(({ person }) => kinds.includes(kindOf(person.nin)));
  };
}

function areSame(rows: readonly FieldRow[]): Condition {
  return ({ sides: { preg, persontjenesten } }, { spellings }) =>
    rows.every((row) => {
      const old = normalAt(preg, row, spellings);
      return old !== null && old === normalAt(persontjenesten, row, spellings);
    });
}

/** What one of them does not tell is not another value. */
function isAnySame(rows: readonly FieldRow[]): Condition {
  return ({ sides: { preg, persontjenesten } }, { spellings }) =>
    [spellings, { ...spellings, letters: spellings.otherLetters }].some((spelled) =>
      rows.some((row) => {
        const [old, fresh] = [normalAt(preg, row, spelled), normalAt(persontjenesten, row, spelled)];
        return old === null || fresh === null || old === fresh;
      }),
    );
}

/** Whether the municipality that one has for the address became one that the other has; both by the beginning of the number. */
function areRenumbered(
  changes: readonly { readonly old: readonly string[]; readonly new: readonly string[] }[],
): Condition {
  return ({ sides: { preg, persontjenesten } }) => {
    const [old, fresh] = [preg, persontjenesten].map(
      ({ placed }) => placed?.address.st?.padStart(4, '0') ?? '',
    );
    const isOf = (number: string | undefined, beginnings: readonly string[]): boolean =>
      beginnings.some((beginning) => number?.startsWith(beginning));
    return old !== fresh && changes.some((change) => isOf(old, change.old) && isOf(fresh, change.new));
  };
}

function isWhere(values: readonly (readonly [FieldRow, readonly string[]])[]): Condition {
  return ({ sides: { preg, persontjenesten } }, { spellings }) =>
    values.every(([row, allowed]) =>
      [preg, persontjenesten].every((side) => allowed.includes(normalAt(side, row, spellings) ?? '')),
    );
}

function isBlankBecause(reasons: readonly string[]): Condition {
  return (difference) => {
    const { hit, placed, normal } = difference.sides.persontjenesten;
    if (normal !== null || !isOfField(difference)) return false;
    const { of, field } = difference.row;
    const place = of === 'person' ? field : `addresses[${placed?.index ?? 0}].${field}`;
    const blank = hit?.lineage.get(place)?.blank;
    return blank !== undefined && reasons.some((reason) => blank.startsWith(reason));
  };
}

function areDaysWithin(days: number): Condition {
  return ({ sides: { preg, persontjenesten } }) => {
    if (preg.normal === null || persontjenesten.normal === null) return false;
    const apart = Math.abs(Date.parse(preg.normal) - Date.parse(persontjenesten.normal));
    return apart <= days * 86_400_000;
  };
}

function areCountsWithin(percent: number): Condition {
  return ({ sides: { preg, persontjenesten } }) => {
    const [old, fresh] = [Number(preg.normal), Number(persontjenesten.normal)];
    return Math.abs(old - fresh) * 100 <= Math.max(old, fresh) * percent;
  };
}

/** Registration status of the dead (code list 4.1). */
const DEAD = 5;

function isDead({ hit }: Side): boolean {
  const person = hit?.person;
  return person?.regStatus === DEAD || person?.deceased === true || (person?.dateOfDeath ?? null) !== null;
}

/** Whether each number that one alone tells as another number of the person is superseded in either. */
function areOthersSuperseded({ preg, persontjenesten }: Difference['sides']): boolean {
  const [old, fresh] = [preg, persontjenesten].map(({ hit }) => hit?.person);
  if (old === undefined || fresh === undefined) return false;
  const superseded = [old, fresh].flatMap(({ supersededNINs, oldNIN }): (string | null)[] => [
    ...supersededNINs,
    oldNIN,
  ]);
  const lone = [
    ...fresh.alternativeNINs.filter((number) => !old.alternativeNINs.includes(number)),
    ...old.alternativeNINs.filter((number) => !fresh.alternativeNINs.includes(number)),
  ];
  return lone.every((number) => superseded.includes(number));
}

/** Whether one number is the end of the other: more than its last digit. */
function areOfOneEnding(one: string, other: string): boolean {
  const isEnd = (end: string, whole: string): boolean => /^[0-9]{2,}$/.test(end) && whole.endsWith(end);
  return isEnd(one, other) || isEnd(other, one);
}

function isBlank({ normal }: Side): boolean {
  return normal === null;
}

function bothTold(one: Side, other: Side): boolean {
  return !isBlank(one) && !isBlank(other);
}

function grade({ hit }: Side): number {
  return protectionGrade(hit);
}

function isCurrent(placed: PlacedAddress | undefined): boolean {
  return placed?.address.currentAddress === true;
}

/** Whether the days say that the new register knows something later. */
function isNewLater(
  { row, sides: { preg, persontjenesten } }: Difference,
  { recentSince }: ConditionContext,
): boolean {
  return row.since.some((place) => {
    const fresh = lastDay(valueAt(persontjenesten, place));
    const old = lastDay(valueAt(preg, place));
    return fresh !== undefined && (old === undefined ? fresh >= recentSince : fresh > old);
  });
}

function lastDay(value: RawValue): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value)
    ? value
        .filter((item) => typeof item === 'string')
        .toSorted()
        .at(-1)
    : undefined;
}

/** What stands at a place of the same person, or of the same address. */
function valueAt({ hit, placed }: Side, place: Place): RawValue {
  if (place.of === 'address') return placed?.address[place.field] ?? null;
  return hit?.person[place.field] ?? null;
}

function normalAt(side: Side, row: FieldRow, spellings: Spellings): string | null {
  return normalValue(row, valueAt(side, row), spellings);
}

/** The words of the fields that belong together, in any order. */
function wordsTogether(
  difference: Difference,
  { together, spellings }: ConditionContext,
): readonly [old: readonly string[], fresh: readonly string[]] {
  const rows = isOfField(difference) ? together(difference.row) : [];
  const wordsOf = (side: Side): readonly string[] =>
    rows
      .flatMap((row) => (normalAt(side, row, spellings) ?? '').split(' '))
      .filter((word) => word !== '')
      .toSorted();
  return [wordsOf(difference.sides.preg), wordsOf(difference.sides.persontjenesten)];
}

function isWithin(few: string | null, many: string | null, separator: string): boolean {
  return includes(many?.split(separator) ?? [], few?.split(separator) ?? []);
}

/** Whether all of the few are among the many, as often as they stand. */
function includes(many: readonly string[], few: readonly string[]): boolean {
  const left = [...many];
  return few.every((item) => {
    const index = left.indexOf(item);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

/** Whether something holds of both values, where both are texts. */
function ofTexts(
  { preg, persontjenesten }: Difference['sides'],
  holds: (old: string, fresh: string) => boolean,
): boolean {
  return (
    typeof preg.raw === 'string' &&
    typeof persontjenesten.raw === 'string' &&
    holds(preg.raw, persontjenesten.raw)
  );
}
