import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { errorCode } from '../../../errors/error-code.js';
import type { StreamedHttpRequest } from '../../http.js';
import { parseMediaType } from '../../media-type.js';
import { HttpRefusal } from './http-refusal.js';

/** What files come as. Which of the layouts they have, and which charset, the file itself tells. */
const mediaTypes = ['text/plain', 'text/csv', 'application/octet-stream'];

/**
 * The octets of the file in an upload. Nothing is read before the first piece is asked for.
 * @param maxBytes the largest file; that it is not larger when it has no length, or is compressed, whoever reads it sees
 * @throws HttpRefusal for what can be told before the body: 413, 415; from the octets, 400 for damaged compression
 */
export function fileOf(
  { headers, body }: Pick<StreamedHttpRequest, 'headers' | 'body'>,
  maxBytes: number,
): AsyncIterable<Uint8Array> {
  const type = headers['content-type'];
  if (type !== undefined && !mediaTypes.includes(parseMediaType(type)?.essence ?? '')) {
    throw new HttpRefusal(415, 'The media type is not one of files.', {
      'Accept-Post': mediaTypes.join(', '),
    });
  }
  const isCompressed = isGzip(headers['content-encoding']);
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return isCompressed ? decompressed(body) : body;
}

/** The refusal of a file that is too large. */
export function tooLarge(maxBytes: number): HttpRefusal {
  return new HttpRefusal(413, `The file has more than ${maxBytes} octets.`);
}

function isGzip(contentEncoding: string | undefined): boolean {
  switch ((contentEncoding ?? '').trim().toLowerCase()) {
    case '':
    case 'identity':
      return false;
    case 'gzip':
    case 'x-gzip':
      return true;
    default:
      throw new HttpRefusal(415, 'The content coding is not served.', {
        'Accept-Encoding': 'gzip, identity',
      });
  }
}

async function* decompressed(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const fed = pipeline(Readable.from(body, { objectMode: false }), gunzip);
  // Whoever reads the other end is told of the same failure.
  fed.catch(() => undefined);
  try {
    for await (const piece of gunzip) {
      if (piece instanceof Uint8Array) yield piece;
    }
    await fed;
  } catch (error) {
    if (errorCode(error)?.startsWith('Z_') === true) {
      throw new HttpRefusal(400, 'The compressed file is damaged or cut.');
    }
    throw error;
  }
}
