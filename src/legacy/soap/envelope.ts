import { MalformedRequest, MustUnderstand, VersionMismatch } from '../../errors/errors.js';
import type { XmlElement } from '../../xml/element.js';
import { collapsedText, hasStrayText, isNamed } from '../../xml/element-reading.js';
import { ADDRESSING, SECURITY } from '../../contract/soap/namespaces.js';
import type { SoapVersion } from './soap-version.js';

/** A SOAP message, its parts told apart. */
export interface SoapEnvelope {
  readonly headers: readonly HeaderBlock[];
  readonly body: XmlElement;
}

/** One child of the SOAP header. */
export interface HeaderBlock {
  readonly element: XmlElement;
  /** Whether its role is ours: none given, the ultimate receiver, or whoever comes next. */
  readonly forUs: boolean;
  readonly mustUnderstand: boolean;
}

/**
 * Tells the parts of a message apart: at most one Header, then one Body, and nothing else (SOAP 1.2 part 1, 5.1). That
 * SOAP 1.1 leaves room behind the Body is not used by anybody (WS-I Basic Profile 1.1, R1011).
 * @throws VersionMismatch for an envelope of another SOAP version than the one announced
 * @throws MalformedRequest for any other root and any other structure
 */
export function readEnvelope(root: XmlElement, version: SoapVersion): SoapEnvelope {
  if (root.localName !== 'Envelope') throw new MalformedRequest('the root is not a SOAP envelope');
  if (root.namespace !== version.namespace)
    throw new VersionMismatch('the envelope is of another SOAP version');
  const [first, second, ...rest] = root.children;
  const header = second === undefined ? undefined : first;
  const body = second ?? first;
  if (
    body === undefined ||
    !isNamed(body, version.namespace, 'Body') ||
    rest.length > 0 ||
    hasStrayText(root)
  ) {
    throw new MalformedRequest('the envelope does not end with its one Body');
  }
  if (header === undefined) return { headers: [], body };
  if (!isNamed(header, version.namespace, 'Header') || hasStrayText(header)) {
    throw new MalformedRequest('something other than one Header precedes the Body');
  }
  return { headers: header.children.map((element) => headerBlock(element, version)), body };
}

function headerBlock(element: XmlElement, version: SoapVersion): HeaderBlock {
  const attribute = (name: string): string | undefined =>
    element.attributes.get(`{${version.namespace}}${name}`);
  return {
    element,
    forUs: version.ourRoles.has((attribute(version.roleAttribute) ?? '').trim()),
    mustUnderstand: flag(attribute('mustUnderstand') ?? 'false'),
  };
}

/** Both versions in both spellings, as .NET reads them; SOAP 1.1 itself has digits alone. */
function flag(text: string): boolean {
  switch (text.trim()) {
    case '1':
    case 'true':
      return true;
    case '0':
    case 'false':
      return false;
    default:
      throw new MalformedRequest('mustUnderstand is neither true nor false');
  }
}

/** The elements of the headers that are meant for us. */
export function headersForUs(envelope: SoapEnvelope): readonly XmlElement[] {
  return envelope.headers.filter((block) => block.forUs).map((block) => block.element);
}

const UNDERSTOOD_ADDRESSING: ReadonlySet<string> = new Set([
  'Action',
  'MessageID',
  'RelatesTo',
  'To',
  'From',
  'ReplyTo',
  'FaultTo',
]);

/** @throws MustUnderstand when a header for us has to be understood and is not. */
export function requireUnderstood(envelope: SoapEnvelope): void {
  if (envelope.headers.some((block) => block.forUs && block.mustUnderstand && !isUnderstood(block.element))) {
    throw new MustUnderstand('a header with mustUnderstand is unknown');
  }
}

function isUnderstood(element: XmlElement): boolean {
  if (element.namespace === ADDRESSING) return UNDERSTOOD_ADDRESSING.has(element.localName);
  return isNamed(element, SECURITY, 'Security');
}

// A fault of more than 16 384 bytes is not read as a security fault (contract part 7), and the id goes into it.
const LONGEST_MESSAGE_ID = 1_024;

/**
 * The id that the answer relates to, read before anything is judged so that faults can relate to it as well;
 * undefined when there is not exactly one usable id.
 */
export function messageIdOf(root: XmlElement): string | undefined {
  const headers = root.children.filter((child) => child.localName === 'Header');
  const ids = headers.flatMap((header) =>
    header.children.filter((child) => isNamed(child, ADDRESSING, 'MessageID')),
  );
  const [id] = ids;
  if (id === undefined || ids.length > 1) return undefined;
  const text = collapsedText(id);
  return text === undefined || text === '' || text.length > LONGEST_MESSAGE_ID ? undefined : text;
}
