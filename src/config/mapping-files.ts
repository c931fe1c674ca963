import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCodeTable, type CodeTable } from '../mapping/code-table.js';
import { parseCountries } from '../mapping/countries.js';
import { parseFieldTable } from '../mapping/field-table.js';
import type { Mappings } from '../mapping/person-mapper.js';

const COUNTRIES = 'countries';
/** The list of enumerations that PREG has no place for; read by the totality test alone. */
const UNUSED = 'unused';

/**
 * Reads the mapping data: `person.yaml` and `codes/*.yaml` below a folder.
 * @throws Error naming the file and what is wrong with it.
 */
export async function loadMappings(folder: string): Promise<Mappings> {
  const names = (await readdir(join(folder, 'codes')))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length));
  const codes = new Map<string, CodeTable>();
  for (const name of names) {
    if (name === COUNTRIES || name === UNUSED) continue;
    codes.set(name, parseCodeTable(name, await readCodes(folder, name)));
  }
  const addressProtection = codes.get('address-protection');
  if (addressProtection === undefined) throw new Error('mappings/codes/address-protection.yaml is missing');
  return {
    codes,
    addressProtection,
    countries: parseCountries(await readCodes(folder, COUNTRIES)),
    fields: parseFieldTable(await readFile(join(folder, 'person.yaml'), 'utf8'), codes),
  };
}

async function readCodes(folder: string, name: string): Promise<string> {
  return readFile(join(folder, 'codes', `${name}.yaml`), 'utf8');
}
