import { charsetText } from '../../../charset/charset-text.js';
import type { Transliteration } from '../../../charset/transliteration.js';
import type { MessageCharset } from './charsets.js';
import { writeEr7 } from './er7.js';
import type { Hl7Message } from './message.js';

/** A message as it goes over the wire. */
export interface EncodedMessage {
  readonly octets: Uint8Array;
  /** In how many values something stands for what the charset lacks (Safety S11). */
  readonly replaced: number;
}

/** Writes a message in a charset, with other letters for those that it lacks. */
export function encodeMessage(
  message: Hl7Message,
  { written }: Pick<MessageCharset, 'written'>,
  transliteration: Transliteration,
): EncodedMessage {
  const carrier = charsetText(written, transliteration, false);
  let replaced = 0;
  const text = writeEr7(message, (value) => {
    const parts = value
      .split(/([\r\n]+)/)
      .map((part) => (/^[\r\n]/.test(part) ? { text: part, replaced: false } : carrier.carry(part)));
    if (parts.some((part) => part.replaced)) replaced += 1;
    return parts.map((part) => part.text).join('');
  });
  return { octets: carrier.octets(text), replaced };
}
