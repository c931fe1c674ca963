import { RefusedMessage } from '../refused-message.js';
import { charsetNamed, defaultCharset, latin1, type CharsetName, type MessageCharset } from './charsets.js';
import { readEr7 } from './er7.js';
import { headerField, headerOf, type MessageHeader } from './header.js';
import { isBlank, lineEnd } from './lines.js';
import { componentOf, segmentNamed, type Hl7Message, type Hl7Segment } from './message.js';

/** A message of which as much as the header has been read, so that it can be answered whatever is wrong with it. */
export interface Intake {
  /** What its answer is written in. */
  readonly charset: MessageCharset;
  /** MSH-18 of its answer: as the message has it, where that is spoken. */
  readonly charsetName: string;
  /** Its first segment; undefined when there is none that can be read. */
  readonly msh: Hl7Segment | undefined;
  readonly header: MessageHeader;
  /** Reads all of it. @throws RefusedMessage (AR) for what cannot be read */
  read(): Hl7Message;
}

/** The longest header that is read ahead of the message. */
const LONGEST_HEADER = 16 * 1024;

/** Reads the header of a message. Never throws: what is wrong comes out when the message is read. */
export function takeIn(octets: Uint8Array, charsetOfSilence: CharsetName): Intake {
  const { content, marked } = withoutMark(octets);
  const name = componentOf(readHeader(content, latin1), 18);
  const silence = marked ? 'UNICODE UTF-8' : charsetOfSilence;
  const named = name === '' ? defaultCharset(silence) : charsetNamed(name);
  const charset = named ?? latin1;
  const msh = readHeader(content, charset) ?? readHeader(content, latin1);
  return {
    charset,
    charsetName: named === undefined || name === '' ? charset.name : name,
    msh,
    header: headerOf(msh),
    read: () => {
      if (named === undefined) {
        throw refusedCharset('103', 'The character set in MSH-18 is not known here.');
      }
      const text = named.decode(content);
      if (text === undefined) {
        throw refusedCharset('102', 'The octets of the message do not fit its character set (MSH-18).');
      }
      return readEr7(text, (hexadecimal) => named.decode(hexadecimal));
    },
  };
}

function refusedCharset(code: '102' | '103', text: string): RefusedMessage {
  return new RefusedMessage({ code, location: headerField(18), text }, 'AR');
}

/** All charsets write the header’s own characters as ASCII does, so that it can be read before MSH-18 is known. */
function readHeader(octets: Uint8Array, charset: MessageCharset): Hl7Segment | undefined {
  const text = charset.decode(firstLine(octets));
  if (text === undefined) return undefined;
  try {
    return segmentNamed(
      readEr7(text, (hexadecimal) => charset.decode(hexadecimal)),
      'MSH',
    );
  } catch (error) {
    if (error instanceof RefusedMessage) return undefined;
    throw error;
  }
}

/** The octets of the first line that is not blank; none where there is none so near the beginning. */
function firstLine(octets: Uint8Array): Uint8Array {
  const start = Buffer.from(octets.subarray(0, LONGEST_HEADER)).toString('latin1');
  const line = start.split(lineEnd).find((one) => !isBlank(one));
  return Buffer.from(line ?? '', 'latin1');
}

/** A byte order mark belongs to no charset of HL7; it tells nonetheless which one is meant. */
function withoutMark(octets: Uint8Array): { readonly content: Uint8Array; readonly marked: boolean } {
  const marked = octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf;
  return { content: marked ? octets.subarray(3) : octets, marked };
}
