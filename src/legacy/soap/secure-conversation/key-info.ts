import { InvalidSecurity } from '../../../errors/errors.js';
import type { XmlElement } from '../../../xml/element.js';
import { collapsedText, hasStrayText, isNamed } from '../../../xml/element-reading.js';
import { CONTEXT_TOKEN_TYPE, SECURE_CONVERSATION, SECURITY } from '../../../contract/soap/namespaces.js';
import { requireUniqueId } from './ids.js';

const INSTANCE = `{${SECURE_CONVERSATION}}Instance`;
const TOKEN_TYPE = '{http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd}TokenType';

/**
 * Requires that the KeyInfo of a signature means the context token: one SecurityTokenReference with one Reference to the
 * token's `u:Id` or to its Identifier.
 * @throws InvalidSecurity
 */
export function requireKeyOf(contextToken: XmlElement, keyInfo: XmlElement, root: XmlElement): void {
  const tokenReference = onlyChild(keyInfo, 'SecurityTokenReference');
  const reference = onlyChild(tokenReference, 'Reference');
  if (
    reference.children.length > 0 ||
    hasStrayText(reference) ||
    (tokenReference.attributes.get(TOKEN_TYPE) ?? CONTEXT_TOKEN_TYPE) !== CONTEXT_TOKEN_TYPE ||
    (reference.attributes.get('ValueType') ?? CONTEXT_TOKEN_TYPE) !== CONTEXT_TOKEN_TYPE
  ) {
    throw new InvalidSecurity('the KeyInfo of the signature does not mean a context token');
  }
  const uri = reference.attributes.get('URI') ?? '';
  if (uri.startsWith('#')) {
    requireUniqueId(root, contextToken, uri.slice(1));
  } else if (uri === '' || uri !== soleText(contextToken, 'Identifier')) {
    throw new InvalidSecurity('the KeyInfo of the signature means another token');
  }
  // After a renewal an identifier has more than one key, and a reference may say which.
  const instance = reference.attributes.get(INSTANCE);
  if (instance !== undefined && instance !== soleText(contextToken, 'Instance')) {
    throw new InvalidSecurity('the KeyInfo of the signature means another key of the token');
  }
}

function onlyChild(parent: XmlElement, localName: string): XmlElement {
  const [child, ...more] = parent.children;
  if (
    child === undefined ||
    more.length > 0 ||
    hasStrayText(parent) ||
    !isNamed(child, SECURITY, localName)
  ) {
    throw new InvalidSecurity(`the KeyInfo of the signature has not just one ${localName}`);
  }
  return child;
}

function soleText(token: XmlElement, localName: string): string | undefined {
  const [element, ...more] = token.children.filter((child) => isNamed(child, SECURE_CONVERSATION, localName));
  return element === undefined || more.length > 0 ? undefined : collapsedText(element);
}
