import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InvalidMapping, parseDataFile } from '../mapping/data-file.js';

/** Letters for letters that a charset lacks, out of mappings/charsets. */
export interface Transliteration {
  /** What stands for a character that ISO-8859-1 lacks; undefined where the table has nothing. */
  readonly replacement: (character: string) => string | undefined;
  /** What stands for a character of ISO-8859-1 that ASCII lacks; undefined where the table has nothing. */
  readonly asciiReplacement: (character: string) => string | undefined;
}

/** What a table is about: the characters in its keys, and those that need a replacement. */
export interface TableScope {
  /** The charset for which it has replacements. */
  readonly charset: 'ISO-8859-1' | 'US-ASCII';
  /** The last character of that charset, and the last one that the table may be about. */
  readonly last: string;
  readonly replaceable: string;
}

/** The table of what ISO-8859-1 lacks. */
export const beyondLatin1: TableScope = { charset: 'ISO-8859-1', last: '\u00ff', replaceable: '\u{10ffff}' };
/** The table of what ISO-8859-1 has and ASCII lacks. */
export const beyondAscii: TableScope = { charset: 'US-ASCII', last: '~', replaceable: '\u00ff' };

/**
 * Reads both tables from the folder `mappings`.
 * @throws InvalidMapping naming the file and the place in it; the file system's own error when it cannot be read
 */
export async function loadTransliteration(folder: string): Promise<Transliteration> {
  const [latin, ascii] = await Promise.all([
    table(folder, 'charsets/transliteration.yaml', beyondLatin1),
    table(folder, 'charsets/transliteration-ascii.yaml', beyondAscii),
  ]);
  return {
    replacement: (character) => latin.get(character),
    asciiReplacement: (character) => ascii.get(character),
  };
}

/** Parses `replacement: characters`. @throws InvalidMapping */
export function parseReplacements(
  file: string,
  yaml: string,
  scope: TableScope,
): ReadonlyMap<string, string> {
  const lines = parseDataFile(file, yaml, z.record(z.string().regex(writable[scope.charset]), z.string()));
  const replacements = new Map<string, string>();
  for (const [replacement, characters] of Object.entries(lines)) {
    for (const character of characters) {
      const problem = problemOf(character, replacements, scope);
      if (problem !== undefined) throw new InvalidMapping(file, `${nameOf(character)} ${problem}`);
      replacements.set(character, replacement);
    }
  }
  return replacements;
}

const writable: Readonly<Record<TableScope['charset'], RegExp>> = {
  'ISO-8859-1': /^[ -~\u00a0-\u00ff]*$/,
  'US-ASCII': /^[ -~]*$/,
};

function problemOf(
  character: string,
  replacements: ReadonlyMap<string, string>,
  { charset, last, replaceable }: TableScope,
): string | undefined {
  if (character <= last) return `needs no replacement: ${charset} has it`;
  if ((character.codePointAt(0) ?? 0) > (replaceable.codePointAt(0) ?? 0)) return 'belongs to another table';
  return replacements.has(character) ? 'has two replacements' : undefined;
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

async function table(folder: string, file: string, scope: TableScope): Promise<ReadonlyMap<string, string>> {
  return parseReplacements(file, await readFile(join(folder, file), 'utf8'), scope);
}
