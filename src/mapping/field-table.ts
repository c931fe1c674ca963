import { z } from 'zod';
import { fieldGroups, type FieldGroup } from '../person/field-groups.js';
import type { CodeTable, CodeTables } from './code-table.js';
import { InvalidMapping, parseDataFile } from './data-file.js';
import { assertProtectionNames, type ProtectionNames } from './protection-floor.js';
import { RecordRows } from './record-rows.js';
import { SourcePaths, type SourcePath } from './source-path.js';
import { targets } from './targets.js';
import type { Transform } from './transform.js';
import { transforms } from './transforms/index.js';

/** The file of the field table, below mappings/. */
export const FIELD_TABLE_FILE = 'person.yaml';

/**
 * mappings/person.yaml, parsed and resolved: every name in it has been found, and every PREG field has its row.
 * `addressParts` hold an address, `protectionPart` goes with every one of them, and the elements of the lists in
 * `confidentialityPaths` carry a level of their own (Safety S1).
 */
export interface FieldTable extends ProtectionNames {
  readonly rows: readonly FieldRow[];
  /** Those of them that are evaluated once for a person. */
  readonly personRows: RecordRows;
  /** Those that are evaluated for each address. */
  readonly addressRows: RecordRows;
  /** The fields of an address that remain when the person has no fixed abode ("Decided" 4). */
  readonly shownWithoutAbode: ReadonlySet<string>;
  /** Lists that tell of every day what they tell today. */
  readonly timeless: ReadonlySet<string>;
  /** Enumerations whose members are reported when their table does not know them. */
  readonly watched: readonly { readonly path: SourcePath; readonly codes: CodeTable }[];
}

/** What the targets of address rows begin with. */
const ADDRESS_PREFIX = 'addresses.';

/** One PREG field. */
export interface FieldRow {
  readonly target: string;
  /** The target without {@link ADDRESS_PREFIX}. */
  readonly field: string;
  readonly group: FieldGroup;
  /** Blank unless the configuration says `fill: rich`. */
  readonly richOnly: boolean;
  /** Information parts to ask upstream for. */
  readonly parts: readonly string[];
  /** How it is filled; or why it never is. */
  readonly rule: FieldRule | { readonly noSource: string };
  /** What the translation loses, for readers. */
  readonly lost: string | undefined;
}

/** How a field is filled. */
export interface FieldRule {
  readonly sources: readonly SourcePath[];
  readonly transform: Transform;
  readonly codes: readonly CodeTable[];
}

const base = { target: z.string(), group: z.enum(fieldGroups) };

const rowSchema = z.union([
  z.strictObject({ ...base, noSource: z.string().min(1) }),
  z.strictObject({
    ...base,
    parts: z.array(z.string()).min(1),
    sources: z.array(z.string()).min(1),
    transform: z.string(),
    codes: z.array(z.string()).default([]),
    fill: z.literal('rich').optional(),
    lost: z.string().optional(),
  }),
]);

const fileSchema = z.strictObject({
  addressParts: z.array(z.string()).min(1),
  protectionPart: z.string(),
  confidentialityPaths: z.array(z.string()).min(1),
  shownWithoutAbode: z.array(z.string()),
  timeless: z.array(z.string()),
  watched: z.array(z.strictObject({ path: z.string(), codes: z.string() })),
  fields: z.array(rowSchema).min(1),
});

/** Parses the field table. @throws InvalidMapping naming the row and what is wrong with it. */
export function parseFieldTable(yaml: string, codeTables: CodeTables): FieldTable {
  const parsed = parseDataFile(FIELD_TABLE_FILE, yaml, fileSchema);
  const { fields, watched, shownWithoutAbode, timeless, ...protection } = parsed;
  assertProtectionNames(FIELD_TABLE_FILE, protection);
  const paths = new SourcePaths();
  const rows = fields.map((row) => rowOf(row, codeTables, paths));
  assertTotal(rows.map(({ target }) => target));
  return {
    ...protection,
    rows,
    personRows: new RecordRows(rows.filter((row) => !isOfAddress(row))),
    addressRows: new RecordRows(rows.filter(isOfAddress)),
    shownWithoutAbode: new Set(shownWithoutAbode),
    timeless: new Set(timeless),
    watched: watched.map(({ path, codes }) => ({
      path: pathOf(paths, path, path),
      codes: named(codeTables, codes, path),
    })),
  };
}

function assertTotal(rowTargets: readonly string[]): void {
  const twice = rowTargets.find((target, index) => rowTargets.indexOf(target) !== index);
  if (twice !== undefined) throw invalid(twice, 'stands twice');
  const lacking = [...targets.keys()].find((target) => !rowTargets.includes(target));
  if (lacking !== undefined) throw invalid(lacking, 'has no row');
}

function rowOf(row: z.infer<typeof rowSchema>, codeTables: CodeTables, paths: SourcePaths): FieldRow {
  const { target, group } = row;
  const field = isOfAddress(row) ? target.slice(ADDRESS_PREFIX.length) : target;
  const kind = targets.get(target);
  if (kind === undefined) throw invalid(target, 'is no PREG field');
  if ('noSource' in row) {
    const rule = { noSource: row.noSource };
    return { target, field, group, richOnly: false, parts: [], lost: undefined, rule };
  }
  const { apply, gives, tables } = named(transforms, row.transform, target);
  if (gives !== kind) throw invalid(target, `${row.transform} gives ${gives}, the field holds ${kind}`);
  if (row.codes.length !== tables) throw invalid(target, `${row.transform} uses ${tables} code tables`);
  const rule: FieldRule = {
    sources: row.sources.map((path) => pathOf(paths, path, target)),
    transform: apply,
    codes: row.codes.map((name) => named(codeTables, name, target)),
  };
  return { target, field, group, richOnly: row.fill === 'rich', parts: row.parts, lost: row.lost, rule };
}

function isOfAddress({ target }: Pick<FieldRow, 'target'>): boolean {
  return target.startsWith(ADDRESS_PREFIX);
}

function pathOf(paths: SourcePaths, text: string, target: string): SourcePath {
  try {
    return paths.parse(text);
  } catch (error) {
    throw error instanceof SyntaxError ? invalid(target, error.message) : error;
  }
}

function named<Value>(all: ReadonlyMap<string, Value>, name: string, target: string): Value {
  const found = all.get(name);
  if (found === undefined) throw invalid(target, `there is no ${name}`);
  return found;
}

function invalid(target: string, problem: string): InvalidMapping {
  return new InvalidMapping(FIELD_TABLE_FILE, `${target}: ${problem}`);
}
