import { InvalidAddressing } from '../../errors/errors.js';
import type { XmlElement } from '../../xml/element.js';
import { collapsedText, isNamed } from '../../xml/element-reading.js';
import { ADDRESSING, ANONYMOUS } from '../../contract/soap/namespaces.js';

/** What WS-Addressing 1.0 headers have to say here. The id is read by `messageIdOf`. */
export interface Addressing {
  readonly action: string;
}

/** Whether any addressing header is there. */
export function hasAddressing(headers: readonly XmlElement[]): boolean {
  return headers.some(({ namespace }) => namespace === ADDRESSING);
}

/**
 * Reads and judges the addressing headers: one Action, one MessageID, at most one of each other, replies and faults
 * back on the same connection. `To` may say anything: callers reach us under names we do not know.
 * @throws InvalidAddressing
 */
export function readAddressing(headers: readonly XmlElement[], messageId: string | undefined): Addressing {
  for (const name of ['Action', 'MessageID', 'To', 'From', 'ReplyTo', 'FaultTo']) {
    if (named(headers, name).length > 1) throw new InvalidAddressing('invalid-cardinality', name);
  }
  const [actionHeader] = named(headers, 'Action');
  const action = actionHeader === undefined ? undefined : collapsedText(actionHeader);
  if (action === undefined || action === '') throw new InvalidAddressing('header-required', 'Action');
  if (named(headers, 'MessageID').length === 0 || messageId === undefined) {
    throw new InvalidAddressing('header-required', 'MessageID');
  }
  for (const name of ['ReplyTo', 'FaultTo']) {
    const [reference] = named(headers, name);
    if (reference !== undefined && !isAnonymous(reference)) {
      throw new InvalidAddressing('only-anonymous-address', name);
    }
  }
  return { action };
}

function named(headers: readonly XmlElement[], localName: string): readonly XmlElement[] {
  return headers.filter((header) => isNamed(header, ADDRESSING, localName));
}

function isAnonymous(reference: XmlElement): boolean {
  const addresses = named(reference.children, 'Address');
  const [address] = addresses;
  return addresses.length === 1 && address !== undefined && collapsedText(address) === ANONYMOUS;
}
