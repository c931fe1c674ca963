import type { XmlNode } from '../../../xml/element.js';
import { CONTEXT_TOKEN_TYPE, SECURITY, TRUST } from '../../../contract/soap/namespaces.js';
import { COMPUTED_KEY, KEY_LENGTH, NONCE } from '../../../contract/soap/trust.js';
import type { NewKey } from './security-contexts.js';

/**
 * Writes RequestSecurityTokenResponse of WS-Trust February 2005 as .NET's server does: bare, and in its order.
 * To be written where `u` is declared. Contract: preg-hl7v3 1.5 steps 2, 5 and 6.
 */

/**
 * The answer to a request that was issued or renewed a key.
 * @param entropyId `u:Id` of the server's half of the key
 * @param context the Context attribute of the request
 */
export function keyResponse(
  { context: issued, token, tokenId, serverEntropy }: NewKey,
  entropyId: string,
  context: string | undefined,
): XmlNode {
  return response(context, [
    { name: 't:TokenType', content: [CONTEXT_TOKEN_TYPE] },
    { name: 't:RequestedSecurityToken', content: [token] },
    {
      name: 't:RequestedAttachedReference',
      content: [tokenReference({ ValueType: CONTEXT_TOKEN_TYPE, URI: `#${tokenId}` })],
    },
    {
      // Comes back as the target of renewal and cancellation.
      name: 't:RequestedUnattachedReference',
      content: [tokenReference({ URI: issued.identifier, ValueType: CONTEXT_TOKEN_TYPE })],
    },
    { name: 't:RequestedProofToken', content: [{ name: 't:ComputedKey', content: [COMPUTED_KEY] }] },
    {
      name: 't:Entropy',
      content: [
        {
          name: 't:BinarySecret',
          attributes: { 'u:Id': entropyId, Type: NONCE },
          content: [Buffer.from(serverEntropy).toString('base64')],
        },
      ],
    },
    {
      name: 't:Lifetime',
      content: [
        { name: 'u:Created', content: [issued.issuedAt.toISOString()] },
        { name: 'u:Expires', content: [issued.keyExpiresAt.toISOString()] },
      ],
    },
    { name: 't:KeySize', content: [String(KEY_LENGTH * 8)] },
  ]);
}

/** The answer to a request that cancelled a context. */
export function cancelledResponse(context: string | undefined): XmlNode {
  return response(context, [{ name: 't:RequestedTokenCancelled' }]);
}

function response(context: string | undefined, content: readonly XmlNode[]): XmlNode {
  return {
    name: 't:RequestSecurityTokenResponse',
    attributes: { 'xmlns:t': TRUST, ...(context === undefined ? {} : { Context: context }) },
    content,
  };
}

function tokenReference(attributes: Readonly<Record<string, string>>): XmlNode {
  return {
    name: 'o:SecurityTokenReference',
    attributes: { 'xmlns:o': SECURITY },
    content: [{ name: 'o:Reference', attributes }],
  };
}
