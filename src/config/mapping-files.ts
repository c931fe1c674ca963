import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeTableFile, parseCodeTable, type CodeTable } from '../mapping/code-table.js';
import { parseCountries } from '../mapping/countries.js';
import { InvalidMapping } from '../mapping/data-file.js';
import { FIELD_TABLE_FILE, parseFieldTable } from '../mapping/field-table.js';
import type { Mappings } from '../mapping/person-mapper.js';
import { assertProtectionTable } from '../mapping/protection-floor.js';
import { assertEnumsCovered, assertPartsKnown, parseUpstreamEnums } from '../mapping/upstream-enums.js';

/** Tables with a form or a purpose of their own. */
const COUNTRIES = 'countries';
const UNUSED = 'unused';

/**
 * Reads the mapping data below a folder: the field table, the code tables and the enumerations they are held to.
 * @throws InvalidMapping naming the file and what is wrong in it; the error of the file system when one is missing
 */
export async function loadMappings(folder: string): Promise<Mappings> {
  const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
  const readTable = async (name: string): Promise<CodeTable> =>
    parseCodeTable(name, await read(codeTableFile(name)));
  const tables = await Promise.all((await tableNames(folder)).map(readTable));
  const codes = new Map(tables.map((table) => [table.name, table] as const));
  const addressProtection = codes.get('address-protection');
  if (addressProtection === undefined) {
    throw new InvalidMapping(codeTableFile('address-protection'), 'is missing');
  }
  assertProtectionTable(addressProtection);
  const fields = parseFieldTable(await read(FIELD_TABLE_FILE), codes);
  const enums = parseUpstreamEnums(await read('upstream-enums.yaml'));
  assertEnumsCovered(enums, tables, await readTable(UNUSED));
  assertPartsKnown(enums, fields);
  return {
    codes,
    addressProtection,
    fields,
    countries: parseCountries(await read(codeTableFile(COUNTRIES))),
  };
}

async function tableNames(folder: string): Promise<readonly string[]> {
  const files = await readdir(join(folder, 'codes'));
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .filter((name) => name !== COUNTRIES && name !== UNUSED);
}
