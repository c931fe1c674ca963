import { EncodingConflict } from '../../errors/errors.js';
import type { LegacyHttpRequest } from '../http.js';
import { parseMediaType } from '../media-type.js';
import { decompress } from './content-coding.js';
import { HttpRefusal } from './http-refusal.js';
import { soapVersions, type SoapVersion } from './soap-version.js';

/** How much is taken in. Octets. */
export interface IntakeLimits {
  readonly maxRequestBytes: number;
  readonly maxDecompressedBytes: number;
}

/** What HTTP tells of a message before its body is looked at. */
export interface Announcement {
  readonly version: SoapVersion;
  /** The charset parameters of Content-Type. */
  readonly charsets: readonly string[];
}

/** A message as octets, free of HTTP. */
export interface Intake {
  readonly octets: Uint8Array;
  /** The charset parameter of Content-Type, if any. */
  readonly charset: string | undefined;
}

/**
 * Judges size and media type, in that order. The media type decides which version of SOAP is spoken; its `action`
 * parameter is ignored, since it is WS-Addressing that has the action.
 * @throws HttpRefusal for what cannot be read as SOAP
 */
export function readAnnouncement(request: LegacyHttpRequest, limits: IntakeLimits): Announcement {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (request.body.length > limits.maxRequestBytes || announced > limits.maxRequestBytes) {
    throw new HttpRefusal(413, 'the request is too large');
  }
  const mediaType = parseMediaType(request.headers['content-type'] ?? '');
  const version = soapVersions.find((candidate) => candidate.mediaType === mediaType?.essence);
  if (mediaType === undefined || version === undefined) {
    throw new HttpRefusal(415, 'the media type is not one of SOAP', {
      'Accept-Post': soapVersions.map((candidate) => candidate.mediaType).join(', '),
    });
  }
  const charsets = mediaType.parameters.filter(([name]) => name === 'charset').map(([, value]) => value);
  return { version, charsets };
}

/**
 * Takes the message out of its HTTP request and undoes its content coding.
 * @throws HttpRefusal for a coding that is not served, damaged or too large inside
 * @throws EncodingConflict when Content-Type names two character sets
 */
export async function takeIn(
  request: LegacyHttpRequest,
  { charsets }: Announcement,
  limits: IntakeLimits,
): Promise<Intake> {
  const octets = await decompress(
    request.body,
    request.headers['content-encoding'],
    limits.maxDecompressedBytes,
  );
  if (new Set(charsets.map((name) => name.toLowerCase())).size > 1) {
    throw new EncodingConflict('Content-Type names two character sets.');
  }
  return { octets, charset: charsets[0] };
}
