import { createHash, createHmac } from 'node:crypto';
import { namespaces, security, soapMessage, timestamp, type MessageParts } from './soap-request.js';

/**
 * Messages signed with a session key as WCF does it. Canonical forms are written down here, never computed, so that the
 * signer shares no code with the judge. Every part can be replaced by another text to see what becomes of it.
 */

export const signatureNamespaces = {
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  conversation: 'http://schemas.xmlsoap.org/ws/2005/02/sc',
  contextToken: 'http://schemas.xmlsoap.org/ws/2005/02/sc/sct',
} as const;

/** What signs and how. Texts of XML stand in a Security header that declares `o`, in an envelope that declares `s`, `a`, `u`. */
export interface Signing {
  /** The context token as it was issued. */
  readonly token: string;
  readonly key: Uint8Array;
  /** The Timestamp as it is sent: only `u` in it, and canonical but for the declaration of `u`. */
  readonly timestamp?: string;
  /** What is digested, when it is not the canonical form of that Timestamp. */
  readonly digested?: string;
  /** The SignedInfo in canonical form, which is also how it is sent. */
  readonly signedInfo?: (digest: string) => string;
  /** What is authenticated, when it is not that SignedInfo. */
  readonly authenticated?: (signedInfo: string) => string;
  /** The text of SignatureValue. */
  readonly signatureValue?: (hmac: Buffer) => string;
  /** The whole KeyInfo. */
  readonly keyInfo?: string;
  /** The whole Signature, from its parts. */
  readonly signature?: (parts: SignatureTexts) => string;
  /** What stands in the Security header, from its parts. */
  readonly header?: (parts: { timestamp: string; token: string; signature: string }) => string;
}

export interface SignatureTexts {
  readonly signedInfo: string;
  readonly signatureValue: string;
  readonly keyInfo: string;
}

/** A context token without state. */
export function contextToken(id: string, identifier: string): string {
  return `<c:SecurityContextToken u:Id="${id}" xmlns:c="${signatureNamespaces.conversation}"><c:Identifier>${identifier}</c:Identifier></c:SecurityContextToken>`;
}

/** A Timestamp that lives five minutes. */
export function timestampFrom(created: Date, id = '_0'): string {
  const expires = new Date(created.getTime() + 300_000);
  return `<u:Timestamp u:Id="${id}"><u:Created>${created.toISOString()}</u:Created><u:Expires>${expires.toISOString()}</u:Expires></u:Timestamp>`;
}

/** What a SignedInfo is made of; each part can be another. All of it in canonical form. */
export interface SignedInfoTexts {
  readonly digest: string;
  readonly uri?: string;
  readonly canonicalization?: string;
  readonly signatureMethod?: string;
  readonly transforms?: string;
  readonly digestMethod?: string;
}

export function algorithm(element: string, uri: string, content = ''): string {
  return `<${element} Algorithm="${uri}">${content}</${element}>`;
}

export function reference({ digest, uri = '#_0', transforms, digestMethod }: SignedInfoTexts): string {
  return (
    `<Reference URI="${uri}"><Transforms>${transforms ?? algorithm('Transform', signatureNamespaces.exclusive)}</Transforms>` +
    `${digestMethod ?? algorithm('DigestMethod', `${signatureNamespaces.signature}sha1`)}<DigestValue>${digest}</DigestValue></Reference>`
  );
}

export function signedInfoOf(texts: SignedInfoTexts): string {
  return signedInfoAround(
    (texts.canonicalization ?? algorithm('CanonicalizationMethod', signatureNamespaces.exclusive)) +
      (texts.signatureMethod ?? algorithm('SignatureMethod', `${signatureNamespaces.signature}hmac-sha1`)) +
      reference(texts),
  );
}

export function signedInfoAround(content: string): string {
  return `<SignedInfo xmlns="${signatureNamespaces.signature}">${content}</SignedInfo>`;
}

export function keyInfoTo(
  uri: string,
  valueType = ` ValueType="${signatureNamespaces.contextToken}"`,
): string {
  return `<KeyInfo><o:SecurityTokenReference><o:Reference${valueType} URI="${uri}"/></o:SecurityTokenReference></KeyInfo>`;
}

export function signatureAround(content: string): string {
  return `<Signature xmlns="${signatureNamespaces.signature}">${content}</Signature>`;
}

/** What stands in a Security header: Timestamp, context token and Signature. */
export function signedHeader(signing: Signing): string {
  const sent = signing.timestamp ?? timestamp;
  const digested = signing.digested ?? sent.replace(/^<u:Timestamp/, `$& xmlns:u="${namespaces.utility}"`);
  const digest = createHash('sha1').update(digested).digest('base64');
  const signedInfo = (
    signing.signedInfo ?? ((value: string) => signedInfoOf({ digest: value, uri: `#${idOf(sent)}` }))
  )(digest);
  const hmac = createHmac('sha1', signing.key)
    .update(signing.authenticated?.(signedInfo) ?? signedInfo)
    .digest();
  const texts: SignatureTexts = {
    signedInfo,
    signatureValue: `<SignatureValue>${signing.signatureValue?.(hmac) ?? hmac.toString('base64')}</SignatureValue>`,
    keyInfo: signing.keyInfo ?? keyInfoTo(`#${idOf(signing.token)}`),
  };
  const signature =
    signing.signature?.(texts) ?? signatureAround(texts.signedInfo + texts.signatureValue + texts.keyInfo);
  const parts = { timestamp: sent, token: signing.token, signature };
  return signing.header?.(parts) ?? parts.timestamp + parts.token + parts.signature;
}

/** A whole message with a signed Timestamp; what else it says is up to `parts`. */
export function signedMessage(signing: Signing, parts: MessageParts = {}): string {
  return soapMessage({ ...parts, security: security(signedHeader(signing)) });
}

function idOf(xml: string): string {
  const id = /u:Id="([^"]*)"/.exec(xml)?.[1];
  if (id === undefined) throw new Error('the XML has no u:Id');
  return id;
}
