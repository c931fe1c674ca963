import type { IncomingMessage } from 'node:http';
import { errorCode } from '../../errors/error-code.js';
import { badParameter, Problem } from './problem.js';

/** More than a hundred ids of 64 characters and every search field at its longest. */
const LARGEST_FORM = 64 * 1024;
const MOST_ITEMS = 100;

/** Reads a form. Throws Problem 413 for one too large, 415 for another type, 400 for what is not UTF-8. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await readBody(request, 'application/x-www-form-urlencoded'));
}

/** Reads a body of one media type. Throws Problem 400 for one that breaks off, 413 for one too large, 415 for another type. */
export async function readBody(request: IncomingMessage, mediaType: string): Promise<string> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== mediaType) throw new Problem(415, `The body is no ${mediaType}.`);
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    // Left open when the loop is left: a refusal is still to be sent over the same connection.
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(piece)) throw new TypeError('the request is not read as octets');
      length += piece.length;
      if (length > LARGEST_FORM) throw new Problem(413, 'The body is too large.');
      pieces.push(piece);
    }
  } catch (error) {
    // The caller left, which is nothing that is wrong here.
    if (errorCode(error) === 'ECONNRESET') throw new Problem(400, 'The body broke off.');
    throw error;
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** A field that may be given once; undefined when it is absent or empty. Throws Problem 400. */
export function fieldOf(form: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = form.getAll(name);
  if (more.length > 0) throw badParameter(name, 'Only one value is possible.');
  return value === undefined || value === '' ? undefined : value;
}

/** The values of a field that is repeated or holds several between commas. */
export function valuesOf(form: URLSearchParams, name: string): readonly string[] {
  return form
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

/** The 1 to 100 values of a list. Throws Problem 400. */
export function listOf(form: URLSearchParams, name: string): readonly string[] {
  const values = valuesOf(form, name);
  if (values.length === 0) throw badParameter(name, 'At least one is required.');
  if (values.length > MOST_ITEMS) throw badParameter(name, `At most ${MOST_ITEMS} are possible.`);
  return values;
}
