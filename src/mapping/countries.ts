import { z } from 'zod';
import { codeTableFile } from './code-table.js';
import { InvalidMapping, parseDataFile } from './data-file.js';

const FILE = codeTableFile('countries');

/** Countries: ISO codes as upstream writes them, DSF codes and Norwegian names as PREG wrote them. */
export interface Country {
  /** Three digits of the DSF list. */
  readonly code: string;
  readonly alpha3: string;
  /** Norwegian name. */
  readonly name: string;
  /** Three digits to use for a citizenship, where a territory has another country's. */
  readonly citizenshipCode: string;
}

/** The table of mappings/codes/countries.yaml. */
export interface Countries {
  byAlpha3(alpha3: string): Country | undefined;
  byAlpha2(alpha2: string): Country | undefined;
  /** By DSF code, three digits. */
  byCode(code: string): Country | undefined;
  /** By Norwegian name, however it is capitalised. */
  byName(name: string): Country | undefined;
}

const digits = z.string().regex(/^[0-9]{3}$/);

const rowSchema = z.strictObject({
  code: digits,
  alpha3: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  alpha2: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  name: z.string().min(1),
  citizenshipCode: digits.optional(),
  isoValidity: z.string().optional(),
  retired: z.literal('true').optional(),
  aliasOf: z.string().optional(),
});

const fileSchema = z.strictObject({
  concept: z.string(),
  from: z.string(),
  to: z.string(),
  notes: z.string().optional(),
  values: z.array(rowSchema).min(1),
});

/** Parses the table. @throws InvalidMapping */
export function parseCountries(yaml: string): Countries {
  const { values } = parseDataFile(FILE, yaml, fileSchema);
  const byAlpha3 = new Map<string, Country>();
  const byAlpha2 = new Map<string, Country>();
  const byCode = new Map<string, Country>();
  const byName = new Map<string, Country>();
  for (const row of values) {
    const country: Country = {
      code: row.code,
      alpha3: row.alpha3 ?? '',
      name: row.name,
      citizenshipCode: row.citizenshipCode ?? row.code,
    };
    if (row.alpha3 !== undefined) putOnce(byAlpha3, row.alpha3, country);
    if (row.alpha2 !== undefined) putOnce(byAlpha2, row.alpha2, country);
    const name = folded(row.name);
    // Of several rows with one code or name the first wins.
    if (!byCode.has(row.code)) byCode.set(row.code, country);
    if (!byName.has(name)) byName.set(name, country);
  }
  return {
    byAlpha3: (code) => byAlpha3.get(code),
    byAlpha2: (code) => byAlpha2.get(code),
    byCode: (code) => byCode.get(code),
    byName: (name) => byName.get(folded(name)),
  };
}

function folded(name: string): string {
  return name.trim().toLocaleUpperCase('nb');
}

function putOnce(map: Map<string, Country>, key: string, country: Country): void {
  if (map.has(key)) throw new InvalidMapping(FILE, `${key} stands twice`);
  map.set(key, country);
}
