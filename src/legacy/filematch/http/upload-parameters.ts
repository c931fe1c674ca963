import { InvalidQuery } from '../../../errors/errors.js';
import type { Organisation } from '../../../registry/person-registry.js';
import { norwegianTime } from '../jobs/norwegian-time.js';
import { modes, type Mode } from '../record.js';

/** What an upload says of its file, beside what the file itself says. */
export interface UploadParameters {
  readonly fileName: string | undefined;
  readonly mode: Mode | undefined;
  readonly customerRef: string;
  readonly forced: boolean;
}

const names = ['fileName', 'mode', 'customerRef', 'force'] as const;
type Name = (typeof names)[number];

/** Begins and ends so that no system hides it or takes it for an option or a folder. */
const FILE_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,118}[A-Za-z0-9_-])?$/;

/** Names that are devices in Windows, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A national identity number is one; an organisation number and a date are shorter. */
const LONG_NUMBER = /\d{11}/;

/** As wide as in the contract's header (2.4), in letters that every charset of files has. */
const CUSTOMER_REF = /^[\x20-\x7e\xa0-\xff]{0,20}$/;

/**
 * Reads the query of an upload. File names reach the names of results, so they must neither lead anywhere nor name a person.
 * @throws InvalidQuery
 */
export function readUploadParameters(query: string): UploadParameters {
  const given = parametersOf(query);
  const fileName = given.get('fileName');
  if (fileName !== undefined) requireFileName(fileName);
  const mode = given.get('mode');
  const known = modes.find((one) => one === mode);
  if (mode !== undefined && known === undefined) throw new InvalidQuery('mode', 'is none of V, K and E');
  const customerRef = given.get('customerRef') ?? '';
  if (!CUSTOMER_REF.test(customerRef)) {
    throw new InvalidQuery('customerRef', 'is longer than 20 characters, or not in ISO-8859-1');
  }
  const force = given.get('force') ?? 'false';
  if (force !== 'true' && force !== 'false') throw new InvalidQuery('force', 'is neither true nor false');
  return { fileName, mode: known, customerRef, forced: force === 'true' };
}

/** The name of a file that came without one: `PFM_<org>_<yyyymmdd>_<hhmmss>`, in Norwegian time (2.8). */
export function fileNameFor({ parent, child }: Organisation, now: Date): string {
  const [day = '', time = ''] = norwegianTime(now).slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `PFM_${child ?? parent}_${day}_${time}`;
}

function parametersOf(query: string): ReadonlyMap<Name, string> {
  const given = new Map<Name, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const known = names.find((one) => one === name);
    if (known === undefined)
      throw new InvalidQuery('query', `has a parameter that is none of ${names.join(', ')}`);
    if (given.has(known)) throw new InvalidQuery(known, 'is there twice');
    given.set(known, value);
  }
  return given;
}

function requireFileName(text: string): void {
  if (!FILE_NAME.test(text) || DEVICE.test(text)) {
    throw new InvalidQuery(
      'fileName',
      'is not a plain name of at most 120 letters, digits, dots, hyphens and underscores',
    );
  }
  if (LONG_NUMBER.test(text)) throw new InvalidQuery('fileName', 'holds a number of eleven digits or more');
}
