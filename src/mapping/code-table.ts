import { parse } from 'yaml';
import { z } from 'zod';

/** The tables of mappings/codes: what a member of an upstream enumeration is in PREG's code list. */

const scalar = z.union([z.string(), z.number()]);

const entrySchema = z.union([
  z.strictObject({ blank: z.string().min(1) }),
  z.object({ code: scalar }).catchall(scalar),
]);

const tableSchema = z.strictObject({
  concept: z.string(),
  from: z.string(),
  to: z.string(),
  notes: z.union([z.string(), z.array(z.string())]).optional(),
  values: z.record(z.string(), entrySchema),
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
  /** The upstream enumeration that the keys are members of. */
  readonly from: string;
  /** The answer for a member; undefined for one that the table does not know. */
  find(member: string): CodeAnswer | undefined;
  /** Every member that the table knows. */
  readonly members: readonly string[];
}

/** Parses one table. @throws Error naming the table and what is wrong. */
export function parseCodeTable(name: string, yaml: string): CodeTable {
  const parsed = tableSchema.safeParse(parse(yaml));
  if (!parsed.success) throw new Error(`mappings/codes/${name}.yaml: ${z.prettifyError(parsed.error)}`);
  const answers = new Map(
    Object.entries(parsed.data.values).map(([member, entry]) => [member, answerOf(entry)] as const),
  );
  return {
    name,
    from: parsed.data.from,
    members: [...answers.keys()],
    find: (member) => answers.get(member),
  };
}

function answerOf(entry: z.infer<typeof entrySchema>): CodeAnswer {
  if ('blank' in entry && typeof entry.blank === 'string' && !('code' in entry)) {
    return { kind: 'blank', reason: entry.blank };
  }
  const { code, ...columns } = z.object({ code: scalar }).catchall(scalar).parse(entry);
  return { kind: 'mapped', entry: { code, columns } };
}

/** All code tables by name. */
export type CodeTables = ReadonlyMap<string, CodeTable>;
