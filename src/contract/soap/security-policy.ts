import type { XmlNode } from '../../xml/element.js';
import { ADDRESSING } from './namespaces.js';

const securityPolicyNamespace = 'http://schemas.xmlsoap.org/ws/2005/07/securitypolicy';
const alwaysToRecipient = `${securityPolicyNamespace}/IncludeToken/AlwaysToRecipient`;
const signedHeaders = ['To', 'From', 'FaultTo', 'ReplyTo', 'MessageID', 'RelatesTo', 'Action'];

/**
 * The policy of the old services (contracts preg-hl7v3 1.4, preg-xml-filematch-hl7v2 1.1), WS-SecurityPolicy 2005/07:
 * what .NET's wsHttpBinding with TransportWithMessageCredential, user name and secure conversation writes and expects
 * to read.
 * Prefixes `wsp`, `wsu` and `wsaw` are declared by the WSDL around it.
 */
export function securityPolicy(id: string): XmlNode {
  const alternative = element('wsp:All', [
    transportBinding(),
    assertion('EndorsingSupportingTokens', [secureConversationToken()]),
    ...wss11AndTrust10(),
    element('wsaw:UsingAddressing'),
  ]);
  return {
    name: 'wsp:Policy',
    attributes: { 'wsu:Id': id, 'xmlns:sp': securityPolicyNamespace },
    content: [element('wsp:ExactlyOne', [alternative])],
  };
}

function secureConversationToken(): XmlNode {
  const bootstrap = [
    element('sp:SignedParts', [element('sp:Body'), ...signedHeaders.map(headerPart)]),
    element('sp:EncryptedParts', [element('sp:Body')]),
    transportBinding(),
    assertion('SignedSupportingTokens', [usernameToken()]),
    ...wss11AndTrust10(),
  ];
  return assertion('SecureConversationToken', [assertion('BootstrapPolicy', bootstrap)], {
    'sp:IncludeToken': alwaysToRecipient,
  });
}

function usernameToken(): XmlNode {
  return assertion('UsernameToken', [element('sp:WssUsernameToken10')], {
    'sp:IncludeToken': alwaysToRecipient,
  });
}

function transportBinding(): XmlNode {
  const httpsToken = element('sp:HttpsToken', [], { RequireClientCertificate: 'false' });
  return assertion('TransportBinding', [
    assertion('TransportToken', [httpsToken]),
    assertion('AlgorithmSuite', [element('sp:Basic256')]),
    assertion('Layout', [element('sp:Strict')]),
    element('sp:IncludeTimestamp'),
  ]);
}

function wss11AndTrust10(): XmlNode[] {
  return [
    assertion('Wss11', []),
    assertion('Trust10', [
      element('sp:MustSupportIssuedTokens'),
      element('sp:RequireClientEntropy'),
      element('sp:RequireServerEntropy'),
    ]),
  ];
}

function headerPart(name: string): XmlNode {
  return element('sp:Header', [], { Name: name, Namespace: ADDRESSING });
}

/** An assertion that holds a nested policy. */
function assertion(
  localName: string,
  policy: readonly XmlNode[],
  attributes: Readonly<Record<string, string>> = {},
): XmlNode {
  return element(`sp:${localName}`, [element('wsp:Policy', policy)], attributes);
}

function element(
  name: string,
  content: readonly XmlNode[] = [],
  attributes: Readonly<Record<string, string>> = {},
): XmlNode {
  return { name, attributes, content };
}
