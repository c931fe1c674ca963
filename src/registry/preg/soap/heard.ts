import {
  EncodingConflict,
  DoctypeRefused,
  MalformedRequest,
  PregRejected,
  PregUnavailable,
} from '../../../errors/errors.js';
import { ADDRESSING, SOAP12 } from '../../../contract/soap/namespaces.js';
import { decodeXml } from '../../../xml/decode.js';
import type { XmlElement } from '../../../xml/element.js';
import { collapsedText, hasStrayText, isNamed } from '../../../xml/element-reading.js';
import type { ReadDocument } from '../../../xml/element-text.js';
import { defaultXmlLimits, type XmlLimits } from '../../../xml/limits.js';
import { readXml } from '../../../xml/reader.js';
import { mostOctets, type HttpAnswer } from './http-answer.js';
import { readFault, type PregFault } from './preg-fault.js';

/** An envelope that came from PREG. */
export interface Heard {
  readonly document: ReadDocument;
  /** Of WS-Addressing; undefined where it says nothing. */
  readonly action: string | undefined;
  readonly relatesTo: string | undefined;
  /** The only child of the Body. */
  readonly body: XmlElement;
  /** The same where it is a fault. */
  readonly fault: PregFault | undefined;
}

/** A list of people has some hundred elements for each; the octets are limited already. */
const limits: XmlLimits = {
  ...defaultXmlLimits,
  elements: 500_000,
  attributes: 500_000,
  namespaceDeclarations: 100_000,
  references: 500_000,
  totalLength: mostOctets,
};

/**
 * Reads what came over HTTP. What is no SOAP was not said by PREG, but by what stands before it or in its place.
 * @throws PregUnavailable, PregRejected
 */
export function readHeard(answer: HttpAnswer): Heard {
  const { status, contentType } = answer;
  // A redirect would carry the password and a number to a place that nobody configured.
  if (status >= 300 && status < 400) throw new PregUnavailable(`status ${status}, which is not followed`);
  const [, mediaType = ''] = /^\s*([^\s;]*)/.exec(contentType.toLowerCase()) ?? [];
  if (!/^(?:application\/soap\+xml|application\/xml|text\/xml)$/.test(mediaType))
    throw notSoap(answer, mediaType);
  const heard = envelopeOf(documentOf(answer));
  if (heard.fault === undefined && status !== 200)
    throw new PregUnavailable(`status ${status} with an answer`);
  return heard;
}

/** Of what axios gave, not of what it means: an address that is gone is an outage, and one that refuses is not. */
function notSoap({ status, octets }: HttpAnswer, mediaType: string): PregUnavailable | PregRejected {
  if (status === 401 || status === 403) return new PregRejected('not-let-in', `status ${status}`);
  if (status >= 400 && status < 500 && ![404, 408, 410, 429].includes(status)) {
    return new PregRejected('refused', `status ${status}`);
  }
  if (status >= 400) return new PregUnavailable(`status ${status}`);
  const what =
    octets.length === 0 ? 'nothing' : /^[\w.+/-]{1,60}$/.test(mediaType) ? mediaType : 'something else';
  return new PregUnavailable(`status ${status} with ${what} in place of SOAP`);
}

function documentOf({ octets, contentType }: HttpAnswer): ReadDocument {
  try {
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
    const { text } = decodeXml(octets, charset);
    return { text, root: readXml(text, limits) };
  } catch (error) {
    // Said of requests otherwise; their texts hold nothing of the document.
    const isOfTheText =
      error instanceof EncodingConflict ||
      error instanceof MalformedRequest ||
      error instanceof DoctypeRefused;
    throw isOfTheText ? new PregUnavailable(`the answer cannot be read: ${error.message}`) : error;
  }
}

function envelopeOf(document: ReadDocument): Heard {
  const { root } = document;
  if (!isNamed(root, SOAP12, 'Envelope')) throw noEnvelope();
  const body = root.children.at(-1);
  const header = root.children.length > 1 ? root.children[0] : undefined;
  const [content, ...more] = body?.children ?? [];
  if (
    body === undefined ||
    !isNamed(body, SOAP12, 'Body') ||
    root.children.length > 2 ||
    (header !== undefined && !isNamed(header, SOAP12, 'Header')) ||
    content === undefined ||
    more.length > 0 ||
    hasStrayText(body)
  ) {
    throw noEnvelope();
  }
  return {
    document,
    action: headerText(header, 'Action'),
    relatesTo: headerText(header, 'RelatesTo'),
    body: content,
    fault: isNamed(content, SOAP12, 'Fault') ? readFault(content) : undefined,
  };
}

function noEnvelope(): PregUnavailable {
  return new PregUnavailable('the answer is no envelope of SOAP 1.2 with one thing in it');
}

function headerText(header: XmlElement | undefined, localName: string): string | undefined {
  const found = (header?.children ?? []).filter((block) => isNamed(block, ADDRESSING, localName));
  const [block] = found;
  return block === undefined || found.length > 1 ? undefined : collapsedText(block);
}
