import { randomBytes, randomUUID } from 'node:crypto';
import { deriveKey } from '../../src/contract/soap/p-sha1.js';
import { signedHeader, timestampFrom, type Signing } from './signed-message.js';
import { security, soapMessage, usernameToken, type MessageParts } from './soap-request.js';

/** What a client of secure conversation says, as WCF says it, with any part replaced. */

export const trust = 'http://schemas.xmlsoap.org/ws/2005/02/trust';
export const contextTokenType = 'http://schemas.xmlsoap.org/ws/2005/02/sc/sct';

/** A session as its client knows it. */
export interface ClientSession {
  /** The context token as it came. */
  readonly token: string;
  readonly identifier: string;
  readonly instance: string | undefined;
  readonly key: Uint8Array;
  readonly created: string;
  readonly expires: string;
}

/** What may differ in a message about a session. */
export interface TrustMessage extends MessageParts {
  readonly now: Date;
  /** XML of the UsernameToken. */
  readonly user?: string;
  readonly entropy?: Uint8Array;
  /** Children of the request, in place of the usual ones. */
  readonly request?: string;
  /** Attributes of the request. */
  readonly attributes?: string;
  readonly signing?: Partial<Signing>;
}

export function entropyXml(octets: Uint8Array): string {
  return `<t:Entropy><t:BinarySecret u:Id="e" Type="${trust}/Nonce">${Buffer.from(octets).toString('base64')}</t:BinarySecret></t:Entropy>`;
}

export const tokenTypeXml = `<t:TokenType>${contextTokenType}</t:TokenType>`;

export function requestTypeXml(aim: string): string {
  return `<t:RequestType>${trust}/${aim}</t:RequestType>`;
}

export function targetXml(kind: 'RenewTarget' | 'CancelTarget', identifier: string): string {
  return `<t:${kind}><o:SecurityTokenReference xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><o:Reference URI="${identifier}" ValueType="${contextTokenType}"/></o:SecurityTokenReference></t:${kind}>`;
}

/** Client entropy of tests that do not choose one. */
export const someEntropy: Uint8Array = Uint8Array.from({ length: 32 }, (_, index) => index);

/** Asks for a session. */
export function issueMessage(message: TrustMessage): string {
  const content =
    message.request ??
    `${tokenTypeXml}${requestTypeXml('Issue')}${entropyXml(message.entropy ?? someEntropy)}<t:KeySize>256</t:KeySize>`;
  return soapMessage({
    ...trustParts('SCT', content, message),
    security: security(timestampFrom(message.now) + (message.user ?? usernameToken)),
    ...message,
  });
}

/** Asks for a new key. */
export function renewMessage(session: ClientSession, message: TrustMessage): string {
  const content =
    message.request ??
    `${tokenTypeXml}${requestTypeXml('Renew')}${entropyXml(message.entropy ?? someEntropy)}<t:KeySize>256</t:KeySize>${targetXml('RenewTarget', session.identifier)}`;
  const header = signedHeader(signingOf(session, message));
  return soapMessage({
    ...trustParts('SCT/Renew', content, message),
    security: security(header + (message.user ?? usernameToken)),
    ...message,
  });
}

/** Ends a session. */
export function cancelMessage(session: ClientSession, message: TrustMessage): string {
  const content = message.request ?? requestTypeXml('Cancel') + targetXml('CancelTarget', session.identifier);
  return soapMessage({
    ...trustParts('SCT/Cancel', content, message),
    replyTo: '',
    security: security(signedHeader(signingOf(session, message))),
    ...message,
  });
}

/** A call in a session; which one is up to action and body. */
export function sessionMessage(session: ClientSession, message: TrustMessage): string {
  return soapMessage({ security: security(signedHeader(signingOf(session, message))), ...message });
}

function signingOf(session: ClientSession, { now, signing }: TrustMessage): Signing {
  return { token: session.token, key: session.key, timestamp: timestampFrom(now), ...signing };
}

function trustParts(path: string, content: string, { attributes = '' }: TrustMessage): MessageParts {
  return {
    action: `<a:Action s:mustUnderstand="1">${trust}/RST/${path}</a:Action>`,
    messageId: `<a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>`,
    body: `<t:RequestSecurityToken xmlns:t="${trust}"${attributes}>${content}</t:RequestSecurityToken>`,
  };
}

/** The session that an answer opens or renews. @throws Error when the answer opens none */
export function sessionFrom(answer: string, clientEntropy: Uint8Array = someEntropy): ClientSession {
  const part = (pattern: RegExp): string => {
    const found = pattern.exec(answer)?.[1];
    if (found === undefined) throw new Error(`no session in: ${answer}`);
    return found;
  };
  const serverEntropy = Buffer.from(part(/<t:BinarySecret [^>]*>([^<]*)</), 'base64');
  return {
    token: part(/(<c:SecurityContextToken .*<\/c:SecurityContextToken>)/),
    identifier: part(/<c:Identifier>([^<]*)</),
    instance: /<c:Instance>([^<]*)</.exec(answer)?.[1],
    key: deriveKey(clientEntropy, serverEntropy),
    created: part(/<t:Lifetime><u:Created>([^<]*)</),
    expires: part(/<u:Expires>([^<]*)<\/u:Expires><\/t:Lifetime>/),
  };
}

/** Entropy that is new each time. */
export function freshEntropy(): Uint8Array {
  return randomBytes(32);
}
