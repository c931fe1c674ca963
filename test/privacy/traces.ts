import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { disguises, type Secrets } from './known-secrets.js';

/**
 * Base64url of `{"` begins every JSON Web Token and every key that was encoded as one. In the midst of letters and digits it is
 * part of something else, such as a certificate, unless the letter belongs to an escape.
 */
const TOKEN = /(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt]))eyJ[A-Za-z0-9_-]{10,}/;

/** Everything that was left behind somewhere: text or octets, each with where it was. */
export class Traces {
  readonly #left: { readonly where: string; readonly octets: Buffer }[] = [];

  /** Adds what was found in a place. */
  add(where: string, content: string | Uint8Array): void {
    this.#left.push({ where, octets: Buffer.from(content) });
  }

  /** Adds the names of all files below a folder, and what is in them; what is in the `own` ones is their purpose. */
  addFolder(folder: string, own: readonly string[] = []): void {
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const file = join(folder, entry);
      this.add(`name of ${entry}`, entry);
      if (statSync(file).isFile() && !own.includes(basename(file))) this.add(entry, readFileSync(file));
    }
  }

  get places(): number {
    return this.#left.length;
  }

  /** How many octets there are to search. */
  get size(): number {
    return this.#left.reduce((sum, { octets }) => sum + octets.length, 0);
  }

  /** Where something was found that must be nowhere: one line for each. */
  found({ numbers, words, credentials }: Secrets): readonly string[] {
    const exact = [...numbers.flatMap(disguises), ...credentials];
    const folded = words.map((word) => word.normalize('NFC').toLowerCase());
    return this.#left.flatMap(({ where, octets }) => {
      const forms = readings(octets);
      const foldedForms = forms.map((form) => form.normalize('NFC').toLowerCase());
      return [
        ...exact.filter((text) => forms.some((form) => form.includes(text))),
        ...folded.filter((text) => foldedForms.some((form) => form.includes(text))),
        ...(forms.some((form) => TOKEN.test(form)) ? ['a token'] : []),
      ].map((what) => `${where}: ${what}`);
    });
  }
}

/** The texts that octets can be read as: UTF-8, Latin-1, UTF-16, and with escapes of addresses and JSON undone. */
function readings(octets: Buffer): readonly string[] {
  const text = octets.toString('utf8');
  const readable = [text, octets.toString('latin1'), octets.toString('utf16le')];
  if (/%[0-9A-Fa-f]{2}/.test(text)) {
    readable.push(
      Buffer.from(
        text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      ).toString('utf8'),
    );
  }
  if (text.includes('\\u')) {
    readable.push(
      text.replace(/\\u([0-9A-Fa-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
  }
  return readable;
}
