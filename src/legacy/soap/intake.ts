import { EncodingConflict } from '../../errors/errors.js';
import type { LegacyHttpRequest } from '../http.js';
import { decompress } from './content-coding.js';
import { HttpRefusal } from './http-refusal.js';
import { parseMediaType } from './media-type.js';

/** How much is taken in. Octets. */
export interface IntakeLimits {
  readonly maxRequestBytes: number;
  readonly maxDecompressedBytes: number;
}

/** A message as octets, free of HTTP. */
export interface Intake {
  readonly octets: Uint8Array;
  /** The charset parameter of Content-Type, if any. */
  readonly charset: string | undefined;
}

/**
 * Takes the message out of its HTTP request: size, media type, content coding, in that order.
 * The `action` parameter of Content-Type is ignored, since WS-Addressing has the action.
 * @throws HttpRefusal for what cannot be read as SOAP 1.2
 * @throws EncodingConflict when Content-Type names two character sets
 */
export async function takeIn(request: LegacyHttpRequest, limits: IntakeLimits): Promise<Intake> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (request.body.length > limits.maxRequestBytes || announced > limits.maxRequestBytes) {
    throw new HttpRefusal(413, 'the request is too large');
  }
  const mediaType = parseMediaType(request.headers['content-type'] ?? '');
  if (mediaType?.essence !== 'application/soap+xml') {
    throw new HttpRefusal(415, 'the media type is not that of SOAP 1.2', {
      'Accept-Post': 'application/soap+xml',
    });
  }
  const octets = await decompress(
    request.body,
    request.headers['content-encoding'],
    limits.maxDecompressedBytes,
  );
  const charsets = mediaType.parameters.filter(([name]) => name === 'charset').map(([, value]) => value);
  if (new Set(charsets.map((name) => name.toLowerCase())).size > 1) {
    throw new EncodingConflict('Content-Type names two character sets.');
  }
  return { octets, charset: charsets[0] };
}
