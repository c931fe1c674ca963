import { z } from 'zod';
import { parseDataFile } from './data-file.js';

/** The tables of mappings/codes: what a member of an upstream enumeration is in PREG's code list. */

const scalar = z.union([z.string(), z.number()]);

const tableSchema = z.strictObject({
  concept: z.string(),
  from: z.string(),
  to: z.string(),
  notes: z.string().optional(),
  values: z.record(
    z.string(),
    z.union([
      z
        .strictObject({ blank: z.string().min(1) })
        .transform(({ blank }): CodeAnswer => ({ kind: 'blank', reason: blank })),
      z
        .object({ code: scalar })
        .catchall(scalar)
        .transform(({ code, ...columns }): CodeAnswer => ({ kind: 'mapped', entry: { code, columns } })),
    ]),
  ),
});

/** A mapped member: its code and further columns such as display texts. */
export interface CodeEntry {
  readonly code: string | number;
  /** Further columns by name. */
  readonly columns: Readonly<Record<string, string | number>>;
}

/** What the table says of a member: mapped, without counterpart for a reason, or (undefined) never heard of. */
export type CodeAnswer =
  | { readonly kind: 'mapped'; readonly entry: CodeEntry }
  | { readonly kind: 'blank'; readonly reason: string };

/** One code table. */
export interface CodeTable {
  readonly name: string;
  /** The upstream enumeration that the keys are members of; with the prefix `own:`, a list of our own. */
  readonly from: string;
  /** The answer for a member; undefined for one that the table does not know. */
  find(member: string): CodeAnswer | undefined;
  /** Every member that the table knows. */
  readonly members: readonly string[];
}

/** The file of a table, below mappings/. */
export function codeTableFile(name: string): string {
  return `codes/${name}.yaml`;
}

/** Parses one table. @throws InvalidMapping */
export function parseCodeTable(name: string, yaml: string): CodeTable {
  const { from, values } = parseDataFile(codeTableFile(name), yaml, tableSchema);
  const answers = new Map(Object.entries(values));
  return { name, from, members: [...answers.keys()], find: (member) => answers.get(member) };
}

/** All code tables by name. */
export type CodeTables = ReadonlyMap<string, CodeTable>;

/** The table of that name. @throws Error when there is none */
export function tableNamed(tables: CodeTables, name: string): CodeTable {
  const found = tables.get(name);
  if (found === undefined) throw new Error(`mappings/${codeTableFile(name)} is missing`);
  return found;
}

/** The members that have a counterpart, with it. */
export function mappedMembers(table: CodeTable): readonly (readonly [member: string, entry: CodeEntry])[] {
  return table.members.flatMap((member) => {
    const answer = table.find(member);
    return answer?.kind === 'mapped' ? [[member, answer.entry] as const] : [];
  });
}

/** The code of each member that has one. */
export function codesByMember(table: CodeTable): ReadonlyMap<string, string> {
  return new Map(mappedMembers(table).map(([member, { code }]) => [member, String(code)]));
}

/** What a column of text says of each member that has it. */
export function columnByMember(table: CodeTable, column: string): ReadonlyMap<string, string> {
  return columnBy(table, column, (member) => member);
}

/** What a column of text says of each code; of a code that stands more than once, the last row. */
export function columnByCode(table: CodeTable, column: string): ReadonlyMap<string, string> {
  return columnBy(table, column, (_member, { code }) => String(code));
}

function columnBy(
  table: CodeTable,
  column: string,
  keyOf: (member: string, entry: CodeEntry) => string,
): ReadonlyMap<string, string> {
  return new Map(
    mappedMembers(table).flatMap(([member, entry]) => {
      const value = entry.columns[column];
      return typeof value === 'string' ? [[keyOf(member, entry), value] as const] : [];
    }),
  );
}
