import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';
import type { Survey } from '../../src/legacy/filematch/jobs/job.js';
import type { CsvLayout, FixedLayout, Layout } from '../../src/legacy/filematch/layout/layout.js';
import { loadLayouts } from '../../src/legacy/filematch/layout/load-layouts.js';
import { readRows } from '../../src/legacy/filematch/reading/read-rows.js';
import { surveyFile, type Outside } from '../../src/legacy/filematch/reading/survey.js';
import type { Charset, InputField, InputRow } from '../../src/legacy/filematch/record.js';
import {
  loadFilematchTexts,
  type FilematchTexts,
} from '../../src/legacy/filematch/writing/filematch-texts.js';

/** Where the files of these tests come from. */
export const outside: Outside = {
  orgNumber: '999888777',
  organisations: ['999888777', '999888788'],
  mode: 'V',
  customerRef: 'FRA DØREN',
};

/** The contract's own layouts. */
export async function builtInLayouts(): Promise<{ readonly fixed: FixedLayout; readonly csv: CsvLayout }> {
  const layouts = await loadLayouts([]);
  const fixed = layouts.get('pfm-fixed');
  const csv = layouts.get('pfm-csv');
  if (fixed?.encoding !== 'fixed' || csv?.encoding !== 'csv') throw new Error('the own layouts are missing');
  return { fixed, csv };
}

/** What mappings/filematch says. */
export async function builtInTexts(): Promise<FilematchTexts> {
  return loadFilematchTexts(join(packageRoot(), 'mappings'));
}

/** Octets in pieces of a size, or all at once. */
export async function* inPieces(octets: Uint8Array, size = octets.length): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let start = 0; start < octets.length; start += size) yield octets.subarray(start, start + size);
}

/** What the first reading says of a file. */
export function survey(
  octets: Uint8Array,
  layouts: readonly Layout[],
  from: Partial<Outside> = {},
): Promise<Survey> {
  return surveyFile(inPieces(octets), layouts, { ...outside, ...from });
}

/** What the second reading gives. */
export async function rowsIn(
  octets: Uint8Array,
  layout: Layout,
  charset: Charset = 'ISO-8859-1',
  size?: number,
): Promise<readonly InputRow[]> {
  const rows: InputRow[] = [];
  for await (const row of readRows(inPieces(octets, size), layout, charset)) rows.push(row);
  return rows;
}

/** Text as octets of ISO-8859-1. */
export function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** A header record of the contract's layout, without its line ending. */
export function headerRecord(told: Readonly<Record<string, string>> = {}): string {
  const {
    orgNumber = '999888777',
    customerRef = 'VASK-1',
    charset = '01',
    direction = 'I',
    mode = 'V',
  } = told;
  const { formatName = 'FILMATCH', formatVersion = '0001', createdAt = '20251103080000' } = told;
  return `H${formatName.padEnd(8)}${formatVersion}${orgNumber.padEnd(9)}${customerRef.padEnd(20)}${createdAt}${charset}${direction}${mode}`.padEnd(
    250,
  );
}

/** A row of the contract's layout, without its line ending. Widths are counted in characters. */
export function detailRecord(told: Readonly<Partial<Record<InputField, string>>> = {}): string {
  const place = (field: InputField, width: number): string => {
    const characters = Array.from(told[field] ?? '');
    return characters.join('') + ' '.repeat(width - characters.length);
  };
  return [
    'D',
    place('ownRef', 20),
    place('nin', 11),
    place('dateOfBirth', 8),
    place('surname', 50),
    place('givenName', 50),
    place('middleName', 50),
    place('street', 30),
    place('postalCode', 4),
    place('municipality', 4),
    place('sex', 1),
    ' '.repeat(21),
  ].join('');
}

/** A trailer record of the contract's layout, without its line ending. */
export function trailerRecord(count: number): string {
  return `T${String(count).padStart(9, '0')}`.padEnd(250);
}

/** The head of a CSV file with all columns of the contract. */
export const csvHead =
  'ownRef;nin;dateOfBirth;surname;givenName;middleName;street;postalCode;municipality;sex';

/** Records as lines. */
export function lines(records: readonly string[], ending = '\r\n'): string {
  return records.map((record) => record + ending).join('');
}

/** A whole file of fixed width: header, these rows, trailer. */
export function fixedFile(rows: readonly string[], header: Readonly<Record<string, string>> = {}): string {
  return lines([headerRecord(header), ...rows, trailerRecord(rows.length)]);
}

/** A whole CSV file with these rows. */
export function csvFile(rows: readonly string[]): string {
  return lines([csvHead, ...rows]);
}
