import type { FilematchErrorCode } from '../record.js';

/** What is written out of mappings/filematch: the words for error codes, and letters for letters that a charset lacks. */
export interface FilematchTexts {
  /** In Norwegian. */
  readonly errorText: (code: FilematchErrorCode) => string;
  /** What stands for a character that ISO-8859-1 lacks; undefined where the table has nothing. */
  readonly replacement: (character: string) => string | undefined;
}

/**
 * Reads the texts from the folder `mappings`.
 * @throws InvalidFilematchTexts naming the file and the place in it
 */
export function loadFilematchTexts(folder: string): Promise<FilematchTexts> {
  return Promise.reject(new Error(`not yet: ${folder}`));
}
