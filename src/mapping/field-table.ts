import { parse } from 'yaml';
import { z } from 'zod';
import { fieldGroups, type FieldGroup } from '../person/field-groups.js';
import type { CodeTable, CodeTables } from './code-table.js';
import { parseSourcePath, type SourcePath } from './source-path.js';
import type { Transform } from './transform.js';
import { transforms } from './transforms/index.js';

/** mappings/person.yaml, parsed and resolved: every name in it has been found. */
export interface FieldTable {
  readonly rows: readonly FieldRow[];
  /** Parts that hold an address. */
  readonly addressParts: readonly string[];
  /** The part that goes with every address part (Safety S1). */
  readonly protectionPart: string;
  /** Lists whose elements carry a level of their own. */
  readonly confidentialityPaths: readonly string[];
  readonly watched: readonly { readonly path: SourcePath; readonly codes: CodeTable }[];
}

/** One PREG field. */
export interface FieldRow {
  readonly target: string;
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
  readonly codes: CodeTable | undefined;
}

const base = { target: z.string(), group: z.enum(fieldGroups) };

const rowSchema = z.union([
  z.strictObject({ ...base, noSource: z.string().min(1) }),
  z.strictObject({
    ...base,
    parts: z.array(z.string()).min(1),
    sources: z.array(z.string()).min(1),
    transform: z.string(),
    codes: z.string().optional(),
    fill: z.literal('rich').optional(),
    lost: z.string().optional(),
  }),
]);

const fileSchema = z.strictObject({
  addressParts: z.array(z.string()).min(1),
  protectionPart: z.string(),
  confidentialityPaths: z.array(z.string()).min(1),
  watched: z.array(z.strictObject({ path: z.string(), codes: z.string() })),
  fields: z.array(rowSchema).min(1),
});

/** Parses the field table. @throws Error naming the row and what is wrong with it. */
export function parseFieldTable(yaml: string, codeTables: CodeTables): FieldTable {
  const parsed = fileSchema.safeParse(parse(yaml));
  if (!parsed.success) throw new Error(`mappings/person.yaml: ${z.prettifyError(parsed.error)}`);
  const { fields, watched, ...rest } = parsed.data;
  const rows = fields.map((row) => rowOf(row, codeTables));
  const twice = rows.find(
    ({ target }, index) => rows.findIndex((other) => other.target === target) !== index,
  );
  if (twice !== undefined) throw new Error(`mappings/person.yaml: ${twice.target} stands twice`);
  return {
    ...rest,
    rows,
    watched: watched.map(({ path, codes }) => ({
      path: parseSourcePath(path),
      codes: named(codeTables, codes, path),
    })),
  };
}

function rowOf(row: z.infer<typeof rowSchema>, codeTables: CodeTables): FieldRow {
  const { target, group } = row;
  if ('noSource' in row) {
    return { target, group, richOnly: false, parts: [], lost: undefined, rule: { noSource: row.noSource } };
  }
  const rule: FieldRule = {
    sources: row.sources.map(parseSourcePath),
    transform: named(transforms, row.transform, target),
    codes: row.codes === undefined ? undefined : named(codeTables, row.codes, target),
  };
  return { target, group, richOnly: row.fill === 'rich', parts: row.parts, lost: row.lost, rule };
}

function named<Value>(all: ReadonlyMap<string, Value>, name: string, target: string): Value {
  const found = all.get(name);
  if (found === undefined) throw new Error(`mappings/person.yaml: ${target}: there is no ${name}`);
  return found;
}
