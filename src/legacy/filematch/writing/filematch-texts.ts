import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadTransliteration, type Transliteration } from '../../../charset/transliteration.js';
import { filematchErrorCodes, type FilematchErrorCode } from '../record.js';

/** What is written out of mappings: the words for error codes, and letters for letters that a charset lacks. */
export interface FilematchTexts extends Transliteration {
  /** In Norwegian. */
  readonly errorText: (code: FilematchErrorCode) => string;
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
 * @throws InvalidFilematchTexts, InvalidMapping naming the file and the place in it; the file system's own error when it cannot
 *   be read
 */
export async function loadFilematchTexts(folder: string): Promise<FilematchTexts> {
  const [errorTexts, transliteration] = await Promise.all([
    parsed(join(folder, 'filematch', 'error-texts.yaml'), parseErrorTexts),
    loadTransliteration(folder),
  ]);
  return { ...transliteration, errorText: (code) => errorTexts[code] };
}

/** Parses the words for error codes: every code has some. @throws InvalidFilematchTexts */
export function parseErrorTexts(file: string, yaml: string): Readonly<Record<FilematchErrorCode, string>> {
  return check(file, yaml, z.record(z.enum(filematchErrorCodes), z.string().regex(/^[ -~æøåÆØÅ]+$/)));
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
