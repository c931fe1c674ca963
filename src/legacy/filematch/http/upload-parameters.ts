import { InvalidQuery } from '../../../errors/errors.js';
import type { Organisation } from '../../../registry/person-registry.js';
import { norwegianTime } from '../../../person/norwegian-time.js';
import { problemOfCustomerRef } from '../customer-ref.js';
import { problemOfName, type NameProblem } from '../delivered-name-rules.js';
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

/**
 * Reads the query of an upload.
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
  const problem = problemOfCustomerRef(customerRef);
  if (problem !== undefined) throw new InvalidQuery('customerRef', problem);
  const force = given.get('force') ?? 'false';
  if (force !== 'true' && force !== 'false') throw new InvalidQuery('force', 'is neither true nor false');
  return { fileName, mode: known, customerRef, forced: force === 'true' };
}

/** The name of a file that came without one: `PFM_<org>_<yyyymmdd>_<hhmmss>`, in Norwegian time (2.8). */
export function fileNameFor({ parent, child }: Organisation, now: Date): string {
  const [day = '', time = ''] = norwegianTime(now).replaceAll(/[-:]/g, '').split('T');
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
  const problem = problemOfName(text);
  if (problem !== undefined) throw new InvalidQuery('fileName', nameProblems[problem]);
}

const notPlain = 'is not a plain name of at most 120 letters, digits, dots, hyphens and underscores';

const nameProblems: Readonly<Record<NameProblem, string>> = {
  characters: notPlain,
  length: notPlain,
  device: notPlain,
  number: 'holds what could be somebody’s number',
};
