import { ActionNotSupported, InvalidAddressing, MalformedRequest } from '../../errors/errors.js';
import type { XmlElement } from '../../xml/element.js';
import { hasAddressing, readAddressing } from './addressing.js';
import { hasStrayText, isNamed } from '../../xml/element-reading.js';
import { headersForUs, requireUnderstood, type SoapEnvelope } from './envelope.js';
import type { OperationAddress } from './soap-service.js';
import type { SoapVersion } from './soap-version.js';

/** What says which operation is asked for. */
export interface Addressee {
  readonly version: SoapVersion;
  readonly envelope: SoapEnvelope;
  /** The SOAPAction header of HTTP as it came. */
  readonly soapAction: string | undefined;
  readonly messageId: string | undefined;
}

/**
 * The action that a message asks for: in SOAP 1.2 that of WS-Addressing, in SOAP 1.1 that of SOAPAction. Addressing
 * headers beside a SOAPAction have to be complete and to name the same action; an empty SOAPAction leaves it to them
 * (WS-Addressing 1.0 SOAP Binding, 4).
 * @throws InvalidAddressing
 * @throws ActionNotSupported when no action is named at all
 */
export function readAction({ version, envelope, soapAction, messageId }: Addressee): string {
  const headers = headersForUs(envelope);
  if (version.actionIn === 'header') return readAddressing(headers, messageId).action;
  const named = unquoted(soapAction ?? '');
  if (hasAddressing(headers)) {
    const { action } = readAddressing(headers, messageId);
    if (named !== '' && named !== action) throw new InvalidAddressing('action-mismatch', 'Action');
    return action;
  }
  if (named === '') throw new ActionNotSupported('SOAPAction is missing or empty');
  return named;
}

/** SOAP 1.1 wants quotes around it; clients that leave them out are understood as well. */
function unquoted(soapAction: string): string {
  const text = soapAction.trim();
  return /^"([^"]*)"$/.exec(text)?.[1] ?? text;
}

/**
 * The operation that a message asks for, and what it asks.
 * @throws MustUnderstand, InvalidAddressing, ActionNotSupported
 * @throws MalformedRequest when the body does not hold the one element that belongs to the action
 */
export function dispatch<Operation extends OperationAddress>(
  operations: readonly Operation[],
  addressee: Addressee,
): { readonly operation: Operation; readonly body: XmlElement } {
  const { envelope } = addressee;
  requireUnderstood(envelope);
  const action = readAction(addressee);
  const operation = operations.find((candidate) => candidate.action === action);
  if (operation === undefined) {
    throw new ActionNotSupported('the action names no operation of the service');
  }
  const [body, ...more] = envelope.body.children;
  if (
    body === undefined ||
    more.length > 0 ||
    hasStrayText(envelope.body) ||
    !isNamed(body, operation.bodyNamespace, operation.bodyLocalName)
  ) {
    throw new MalformedRequest('the body does not hold the one element that belongs to the action');
  }
  return { operation, body };
}
