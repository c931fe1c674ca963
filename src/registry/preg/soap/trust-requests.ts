import { CONTEXT_TOKEN_TYPE, TRUST } from '../../../contract/soap/namespaces.js';
import { KEY_LENGTH, NONCE, type TrustAim } from '../../../contract/soap/trust.js';
import type { XmlNode } from '../../../xml/element.js';
import { writeXml } from '../../../xml/writer.js';
import { contextReference } from './security-header.js';

/** Bodies of WS-Trust February 2005 as WCF's client writes them (contract preg-hl7v3 1.5, steps 1, 5, 6). */

/** Asks for a session, or for a new key of the one with that identifier. */
export function keyRequest(entropy: Uint8Array, renewed?: string): string {
  const secret = {
    name: 't:BinarySecret',
    attributes: { Type: NONCE },
    content: [Buffer.from(entropy).toString('base64')],
  };
  return request([
    { name: 't:TokenType', content: [CONTEXT_TOKEN_TYPE] },
    aim(renewed === undefined ? 'Issue' : 'Renew'),
    { name: 't:Entropy', content: [secret] },
    { name: 't:KeySize', content: [String(KEY_LENGTH * 8)] },
    ...(renewed === undefined ? [] : [{ name: 't:RenewTarget', content: [contextReference(renewed)] }]),
  ]);
}

/** Ends the session with that identifier. */
export function cancelRequest(identifier: string): string {
  return request([aim('Cancel'), { name: 't:CancelTarget', content: [contextReference(identifier)] }]);
}

function aim(wanted: TrustAim): XmlNode {
  return { name: 't:RequestType', content: [`${TRUST}/${wanted}`] };
}

function request(content: readonly XmlNode[]): string {
  return writeXml({ name: 't:RequestSecurityToken', attributes: { 'xmlns:t': TRUST }, content });
}
