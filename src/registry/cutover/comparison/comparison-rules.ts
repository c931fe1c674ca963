import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InvalidMapping, parseDataFile } from '../../../mapping/data-file.js';
import { targets } from '../../../mapping/targets.js';
import {
  ADDRESS_PREFIX,
  forms,
  otherRows,
  placeOf,
  type AddressRow,
  type FieldRow,
  type OtherRow,
  type PersonRow,
  type Place,
  type PresenceRow,
} from './compared-row.js';
import { conditionOf, conditionSchema, type Condition } from './conditions.js';
import { foldedText, type Spellings } from './text-forms.js';

/** The file of the rules, below mappings/. */
export const COMPARISON_FILE = 'comparison.yaml';

/** mappings/comparison.yaml, parsed and resolved: every PREG field has its row, and every name in it has been found. */
export interface ComparisonRules {
  /** How old data of the new register may be in days to count as fresher where PREG tells no day. */
  readonly recentDays: number;
  readonly spellings: Spellings;
  readonly personRows: readonly PersonRow[];
  readonly addressRows: readonly AddressRow[];
  readonly others: Readonly<Record<OtherRow, PresenceRow>>;
  /** What is not compared, with the reason. */
  readonly notCompared: ReadonlyMap<string, string>;
  /** In the order in which they are tried. */
  readonly rules: readonly DifferenceRule[];
}

/** A difference that is expected. */
export interface DifferenceRule {
  readonly name: string;
  /** The sentence that explains the difference to whoever decides about a client. */
  readonly because: string;
  /** Names of rows. */
  readonly fields: ReadonlySet<string>;
  /** All of them have to hold. */
  readonly when: readonly Condition[];
}

const words = z.record(z.string(), z.array(z.string().min(1)).min(1));
const since = z.array(z.string()).default([]);
const rowName = z.string().min(1);

const fileSchema = z.strictObject({
  recentDays: z.number().int().min(0).max(3_650),
  letters: z.record(z.string(), z.string()),
  streetEndings: words,
  streetWords: words,
  fields: z.record(
    z.string(),
    z.strictObject({
      as: z.enum(forms),
      identity: z.boolean().default(false),
      since,
      zero: z.literal('blank').optional(),
      length: z.number().int().positive().optional(),
      together: z.string().optional(),
      of: z.literal('relative').optional(),
    }),
  ),
  others: z.strictObject({
    person: z.strictObject({ identity: z.boolean().default(false), since }),
    addresses: z.strictObject({ identity: z.boolean().default(false), since }),
    'addresses.mailing': z.strictObject({ identity: z.boolean().default(false), since }),
    hits: z.strictObject({ identity: z.boolean().default(false), since }),
    total: z.strictObject({ identity: z.boolean().default(false), since }),
  }),
  notCompared: z.record(z.string(), z.string().min(1)),
  rules: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/),
      because: z.string().min(1),
      fields: z.array(rowName).min(1),
      when: z.array(conditionSchema).min(1),
    }),
  ),
});
type ComparisonFile = z.infer<typeof fileSchema>;

/**
 * Reads the rules from the folder `mappings`.
 * @throws InvalidMapping naming the row and what is wrong with it; the file system's own error when the file cannot be read
 */
export async function loadComparisonRules(folder: string): Promise<ComparisonRules> {
  return parseComparisonRules(await readFile(join(folder, COMPARISON_FILE), 'utf8'));
}

/** Parses the rules. @throws InvalidMapping naming the row and what is wrong with it */
export function parseComparisonRules(yaml: string): ComparisonRules {
  const file = parseDataFile(COMPARISON_FILE, yaml, fileSchema);
  assertTotal(file);
  const rows = Object.entries(file.fields).map(([name, field]) => fieldRow(name, field));
  const byName = new Map(rows.map((row) => [row.name, row]));
  const names = [...byName.keys(), ...otherRows];
  return {
    recentDays: file.recentDays,
    spellings: spellingsOf(file),
    personRows: rows.filter((row) => row.of === 'person'),
    addressRows: rows.filter((row) => row.of === 'address'),
    others: presenceRows(file.others),
    notCompared: new Map(Object.entries(file.notCompared)),
    rules: file.rules.map((rule, index) => {
      if (file.rules.findIndex(({ name }) => name === rule.name) < index)
        throw invalid(rule.name, 'stands twice');
      return ruleOf(rule, names, byName);
    }),
  };
}

function assertTotal({ fields, notCompared }: ComparisonFile): void {
  const lacking = [...targets.keys()].find((target) => fields[target] === undefined);
  if (lacking !== undefined) throw invalid(lacking, 'has no row');
  const contradictory = Object.keys(notCompared).find((name) => targets.has(name));
  if (contradictory !== undefined) throw invalid(contradictory, 'is compared');
}

function fieldRow(name: string, field: ComparisonFile['fields'][string]): FieldRow {
  const place = targets.has(name) ? placeOf(name) : undefined;
  if (place === undefined) throw invalid(name, 'is no PREG field');
  return {
    ...place,
    name,
    form: field.as,
    isIdentity: field.identity,
    since: placesOf(name, field.since),
    isZeroBlank: field.zero === 'blank',
    length: field.length,
    together: field.together,
    isOfRelative: field.of === 'relative',
  };
}

function placesOf(name: string, targetsNamed: readonly string[]): readonly Place[] {
  return targetsNamed.map((target) => {
    const place = placeOf(target);
    if (place === undefined) throw invalid(name, `${target} is no PREG field`);
    const kind = targets.get(target);
    if (kind !== 'day' && target !== 'datesSuperseded') throw invalid(name, `${target} holds no days`);
    return place;
  });
}

function presenceRows(others: ComparisonFile['others']): ComparisonRules['others'] {
  const row = (name: OtherRow): PresenceRow => ({
    of: 'answer',
    name,
    isIdentity: others[name].identity,
    since: placesOf(name, others[name].since),
  });
  return {
    person: row('person'),
    addresses: row('addresses'),
    'addresses.mailing': row('addresses.mailing'),
    hits: row('hits'),
    total: row('total'),
  };
}

function ruleOf(
  { name, because, fields, when }: ComparisonFile['rules'][number],
  names: readonly string[],
  rows: ReadonlyMap<string, FieldRow>,
): DifferenceRule {
  const rowNamed = (field: string): FieldRow => {
    const row = rows.get(field);
    if (row === undefined) throw invalid(name, `${field} is no PREG field`);
    return row;
  };
  return {
    name,
    because: because.trim(),
    fields: new Set(fields.flatMap((field) => fieldsNamed(name, field, names))),
    when: when.map((condition) => conditionOf(condition, rowNamed)),
  };
}

function fieldsNamed(rule: string, field: string, names: readonly string[]): readonly string[] {
  if (field === `${ADDRESS_PREFIX}*`) return names.filter((name) => name.startsWith(ADDRESS_PREFIX));
  if (!names.includes(field)) throw invalid(rule, `${field} is no row`);
  return [field];
}

function spellingsOf({ letters, streetEndings, streetWords }: ComparisonFile): Spellings {
  const letterPairs = Object.entries(letters).flatMap(([written, meant]) =>
    Array.from(meant, (letter) => [letter.normalize('NFC'), written] as const),
  );
  // The last of several pairs counts, and of those that are turned round the first.
  const folding = new Map(letterPairs.toReversed());
  const pairs = (table: ComparisonFile['streetWords']): (readonly [string, string])[] =>
    Object.entries(table).flatMap(([full, variants]) =>
      [full, ...variants].map(
        (variant) => [foldedText(variant, folding), foldedText(full, folding)] as const,
      ),
    );
  const longestFirst = (a: readonly [string, string], b: readonly [string, string]): number =>
    b[0].length - a[0].length;
  const endings = pairs(streetEndings).toSorted(longestFirst);
  return {
    letters: folding,
    otherLetters: new Map(letterPairs),
    words: new Map([...pairs(streetWords), ...endings]),
    endings,
    pointedEndings: [...endings, ...pairs(streetWords)].toSorted(longestFirst),
  };
}

function invalid(name: string, problem: string): InvalidMapping {
  return new InvalidMapping(COMPARISON_FILE, `${name}: ${problem}`);
}
