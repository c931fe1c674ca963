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
    let isReplaced = false;
    const carried = value.replaceAll(/[^\r\n]+/g, (line) => {
      const { text: other, replaced: isOther } = carrier.carry(line);
      isReplaced ||= isOther;
      return other;
    });
    if (isReplaced) replaced += 1;
    return carried;
  });
  return { octets: carrier.octets(text), replaced };
}
