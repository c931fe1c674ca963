import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { filematchErrorCodes, type FilematchErrorCode } from '../record.js';

/** What is written out of mappings/filematch: the words for error codes, and letters for letters that a charset lacks. */
export interface FilematchTexts {
  /** In Norwegian. */
  readonly errorText: (code: FilematchErrorCode) => string;
  /** What stands for a character that ISO-8859-1 lacks; undefined where the table has nothing. */
  readonly replacement: (character: string) => string | undefined;
}

/** A file of mappings/filematch cannot be used. The message names the file and the place in it. */
export class InvalidFilematchTexts extends Error {
  constructor(
    readonly file: string,
    problem: string,
  ) {
    super(`${file} cannot be used: ${problem}`);
    this.name = 'InvalidFilematchTexts';
  }
}

/**
 * Reads the texts from the folder `mappings`.
 * @throws InvalidFilematchTexts naming the file and the place in it; the file system's own error when it cannot be read
 */
export async function loadFilematchTexts(folder: string): Promise<FilematchTexts> {
  const [errorTexts, replacements] = await Promise.all([
    parsed(join(folder, 'filematch', 'error-texts.yaml'), parseErrorTexts),
    parsed(join(folder, 'filematch', 'transliteration.yaml'), parseReplacements),
  ]);
  return {
    errorText: (code) => errorTexts[code],
    replacement: (character) => replacements.get(character),
  };
}

/** Parses the words for error codes: every code has some. @throws InvalidFilematchTexts */
export function parseErrorTexts(file: string, yaml: string): Readonly<Record<FilematchErrorCode, string>> {
  return check(file, yaml, z.record(z.enum(filematchErrorCodes), z.string().regex(/^[ -~æøåÆØÅ]+$/)));
}

/** Parses `replacement: characters`. @throws InvalidFilematchTexts */
export function parseReplacements(file: string, yaml: string): ReadonlyMap<string, string> {
  const lines = check(file, yaml, z.record(z.string().regex(/^[ -~\u00a0-\u00ff]*$/), z.string()));
  const replacements = new Map<string, string>();
  for (const [replacement, characters] of Object.entries(lines)) {
    for (const character of characters) {
      const problem = problemOf(character, replacements);
      if (problem !== undefined) throw new InvalidFilematchTexts(file, `${nameOf(character)} ${problem}`);
      replacements.set(character, replacement);
    }
  }
  return replacements;
}

function problemOf(character: string, replacements: ReadonlyMap<string, string>): string | undefined {
  if (character <= '\u00ff') return 'needs no replacement: ISO-8859-1 has it';
  return replacements.has(character) ? 'has two replacements' : undefined;
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

async function parsed<T>(path: string, parseText: (file: string, yaml: string) => T): Promise<T> {
  return parseText(path, await readFile(path, 'utf8'));
}

function check<Schema extends z.ZodType>(file: string, yaml: string, schema: Schema): z.infer<Schema> {
  let value: unknown;
  try {
    value = parse(yaml);
  } catch (error) {
    throw new InvalidFilematchTexts(file, error instanceof Error ? error.message : 'not YAML');
  }
  const result = schema.safeParse(value);
  if (!result.success) throw new InvalidFilematchTexts(file, z.prettifyError(result.error));
  return result.data;
}
