import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { HttpRefusal } from './http-refusal.js';

const gunzipped = promisify(gunzip);
const inflated = promisify(inflate);

/**
 * Undoes Content-Encoding, in the thread pool and never beyond `maxOctets`.
 * @throws HttpRefusal 400 for bad or cut data, 413 for too much, 415 for another coding than gzip, deflate, identity
 */
export async function decompress(
  octets: Uint8Array,
  contentEncoding: string | undefined,
  maxOctets: number,
): Promise<Uint8Array> {
  const coding = (contentEncoding ?? '').trim().toLowerCase();
  switch (coding) {
    case '':
    case 'identity':
      if (octets.length > maxOctets) throw new HttpRefusal(413, 'the body is too large');
      return octets;
    case 'gzip':
    case 'x-gzip':
      return bounded(gunzipped(octets, { maxOutputLength: maxOctets }));
    case 'deflate':
      return bounded(inflated(octets, { maxOutputLength: maxOctets }));
    default:
      throw new HttpRefusal(415, 'the content coding is not served', {
        'Accept-Encoding': 'gzip, deflate, identity',
      });
  }
}

async function bounded(decompressed: Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await decompressed;
  } catch (error) {
    if (error instanceof RangeError) throw new HttpRefusal(413, 'the body is too large once decompressed');
    throw new HttpRefusal(400, 'the compressed body is damaged');
  }
}
