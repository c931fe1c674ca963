import { z } from 'zod';
import { codeTableFile, type CodeTable } from './code-table.js';
import { InvalidMapping, parseDataFile } from './data-file.js';
import { FIELD_TABLE_FILE, type FieldTable } from './field-table.js';

/** The enumerations of the new API's contract, with their members, by name. */
export type UpstreamEnums = ReadonlyMap<string, readonly string[]>;

const FILE = 'upstream-enums.yaml';
const fileSchema = z.strictObject({ enumerations: z.record(z.string(), z.array(z.string()).min(1)) });

/** A table that translates no enumeration of the contract but a list of our own. */
const OWN_LIST = 'own:';

/** Parses mappings/upstream-enums.yaml. @throws InvalidMapping */
export function parseUpstreamEnums(yaml: string): UpstreamEnums {
  return new Map(Object.entries(parseDataFile(FILE, yaml, fileSchema).enumerations));
}

/**
 * Every enumeration is translated by a table or named in `unused`, never both, and a table knows all members of its own.
 * @throws InvalidMapping
 */
export function assertEnumsCovered(
  enums: UpstreamEnums,
  tables: readonly CodeTable[],
  unused: CodeTable,
): void {
  const translating = tables.filter(({ from }) => !from.startsWith(OWN_LIST));
  for (const table of translating) assertSameMembers(table, enums.get(table.from) ?? []);
  for (const name of enums.keys()) {
    const times = [...translating.map(({ from }) => from), ...unused.members].filter((from) => from === name);
    if (times.length !== 1) {
      throw new InvalidMapping(
        FILE,
        `${name} is translated or named as unused ${times.length} times, not once`,
      );
    }
  }
}

function assertSameMembers(table: CodeTable, members: readonly string[]): void {
  const lacking = members.find((member) => table.find(member) === undefined);
  const foreign = table.members.find((member) => !members.includes(member));
  const file = codeTableFile(table.name);
  if (lacking !== undefined) throw new InvalidMapping(file, `there is no row for ${lacking}`);
  if (foreign !== undefined) throw new InvalidMapping(file, `${table.from} has no member ${foreign}`);
}

/** Every information part that the field table asks for is one that upstream knows. @throws InvalidMapping */
export function assertPartsKnown(enums: UpstreamEnums, table: FieldTable): void {
  const known = enums.get('InformationPart') ?? [];
  const named = [...table.addressParts, ...table.rows.flatMap(({ parts }) => parts)];
  const unknown = named.find((part) => !known.includes(part));
  if (unknown !== undefined) {
    throw new InvalidMapping(FIELD_TABLE_FILE, `there is no information part ${unknown}`);
  }
}
