import { createHash, createHmac } from 'node:crypto';
import type { ISecurity } from 'soap';
import {
  CONTEXT_TOKEN_TYPE,
  EXCLUSIVE_C14N,
  PASSWORD_TEXT,
  SECURITY,
  SECURITY_UTILITY,
  XML_SIGNATURE,
} from '../../../contract/soap/namespaces.js';
import { withCanonicalForms } from '../../../xml/canonical.js';
import type { XmlNode } from '../../../xml/element.js';
import { readXml } from '../../../xml/reader.js';
import { WrittenXml } from '../../../xml/written-xml.js';
import { writeXml } from '../../../xml/writer.js';
import type { PregAccount } from './preg-service-parts.js';
import type { PregSession } from './preg-session.js';

/** How a message proves who sends it: by user name and password, by the key of a session, or by both. */
export interface Proof {
  readonly account?: Pick<PregAccount, 'username' | 'password'> | undefined;
  readonly session?: Pick<PregSession, 'token' | 'tokenId' | 'identifier' | 'key'> | undefined;
}

/** How long a message is good for. Contract: preg-hl7v3 1.5, freshness rules. */
const LIFETIME_MILLISECONDS = 5 * 60_000;

const TIMESTAMP_ID = '_0';

/**
 * The security header as node-soap asks for it, made when it does: Timestamp, UsernameToken, context token and its signature over the
 * Timestamp, those that there are, in WCF's order (contract preg-hl7v3 1.5, steps 1, 4, 5).
 */
export class SecurityHeader implements ISecurity {
  constructor(
    private readonly proof: Proof,
    private readonly createdAt: Date,
  ) {}

  toXML(): string {
    const { account, session } = this.proof;
    // Signed as it is sent, so it is written once.
    const timestamp = writeXml(timestampNode(this.createdAt));
    return writeXml({
      name: 'o:Security',
      attributes: { 's:mustUnderstand': '1', 'xmlns:o': SECURITY },
      content: [
        new WrittenXml(timestamp),
        ...(account === undefined ? [] : [usernameToken(account)]),
        ...(session === undefined ? [] : [new WrittenXml(session.token), signature(timestamp, session)]),
      ],
    });
  }
}

function timestampNode(createdAt: Date): XmlNode {
  const expiresAt = new Date(createdAt.getTime() + LIFETIME_MILLISECONDS);
  return {
    name: 'u:Timestamp',
    attributes: { 'xmlns:u': SECURITY_UTILITY, 'u:Id': TIMESTAMP_ID },
    content: [
      { name: 'u:Created', content: [createdAt.toISOString()] },
      { name: 'u:Expires', content: [expiresAt.toISOString()] },
    ],
  };
}

function usernameToken({ username, password }: NonNullable<Proof['account']>): XmlNode {
  return {
    name: 'o:UsernameToken',
    content: [
      { name: 'o:Username', content: [username] },
      { name: 'o:Password', attributes: { Type: PASSWORD_TEXT }, content: [password] },
    ],
  };
}

function signature(timestamp: string, session: NonNullable<Proof['session']>): XmlNode {
  const digest = createHash('sha1').update(canonical(timestamp)).digest('base64');
  const signedInfo = writeXml(signedInfoNode(digest));
  const value = createHmac('sha1', session.key).update(canonical(signedInfo)).digest('base64');
  return {
    name: 'Signature',
    attributes: { xmlns: XML_SIGNATURE },
    content: [
      new WrittenXml(signedInfo),
      { name: 'SignatureValue', content: [value] },
      { name: 'KeyInfo', content: [sessionReference(session)] },
    ],
  };
}

function signedInfoNode(digest: string): XmlNode {
  const algorithm = (name: string, uri: string): XmlNode => ({ name, attributes: { Algorithm: uri } });
  return {
    name: 'SignedInfo',
    attributes: { xmlns: XML_SIGNATURE },
    content: [
      algorithm('CanonicalizationMethod', EXCLUSIVE_C14N),
      algorithm('SignatureMethod', `${XML_SIGNATURE}hmac-sha1`),
      {
        name: 'Reference',
        attributes: { URI: `#${TIMESTAMP_ID}` },
        content: [
          { name: 'Transforms', content: [algorithm('Transform', EXCLUSIVE_C14N)] },
          algorithm('DigestMethod', `${XML_SIGNATURE}sha1`),
          { name: 'DigestValue', content: [digest] },
        ],
      },
    ],
  };
}

/** Points at the token by the id that it has in this message; at the context itself where it has none. */
function sessionReference({ tokenId, identifier }: NonNullable<Proof['session']>): XmlNode {
  return contextReference(tokenId === undefined ? identifier : `#${tokenId}`);
}

/** A SecurityTokenReference to a security context. */
export function contextReference(uri: string): XmlNode {
  return {
    name: 'o:SecurityTokenReference',
    attributes: { 'xmlns:o': SECURITY },
    content: [{ name: 'o:Reference', attributes: { ValueType: CONTEXT_TOKEN_TYPE, URI: uri } }],
  };
}

/** The octets that stand for an element in a signature: the exclusive form is the same wherever the element stands. */
function canonical(text: string): Uint8Array {
  const root = readXml(text);
  return withCanonicalForms({ text, root }, [root], (forms) => forms.exclusive(root));
}
