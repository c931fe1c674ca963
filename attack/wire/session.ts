import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Target } from '../world/target.js';
import { Breach } from '../item.js';
import type { Answer } from './http.js';
import {
  demographicsBody,
  envelope,
  honest,
  moment,
  NS,
  post,
  question,
  security,
  type Parts,
} from './message.js';

/** Secure conversation as WCF speaks it, written from the contract (preg-hl7v3 1.5) and from nothing of ours. */

export const TRUST = 'http://schemas.xmlsoap.org/ws/2005/02/trust';
const CONTEXT_TOKEN = 'http://schemas.xmlsoap.org/ws/2005/02/sc/sct';
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** A session as its client knows it. */
export interface Session {
  /** The context token, as it came. */
  readonly token: string;
  readonly identifier: string;
  readonly tokenId: string;
  readonly key: Buffer;
}

/** P_SHA1 of TLS 1.0, the first 32 octets. */
export function pSha1(secret: Buffer, seed: Buffer): Buffer {
  const hmac = (data: Buffer): Buffer => createHmac('sha1', secret).update(data).digest();
  const first = hmac(seed);
  const second = hmac(first);
  return Buffer.concat([hmac(Buffer.concat([first, seed])), hmac(Buffer.concat([second, seed]))]).subarray(
    0,
    32,
  );
}

/** Opens a session. @throws Breach when none is given */
export async function openSession(target: Target, header = honest(target)): Promise<Session> {
  const entropy = randomBytes(32);
  const answer = await post(target, issueMessage(target, entropy, header));
  return sessionFrom(answer, entropy);
}

/** What asks for a session. */
export function issueMessage(target: Target, entropy: Buffer, header = honest(target)): string {
  return envelope({
    action: `${TRUST}/RST/SCT`,
    security: header,
    body:
      `<t:RequestSecurityToken xmlns:t="${TRUST}"><t:TokenType>${CONTEXT_TOKEN}</t:TokenType>` +
      `<t:RequestType>${TRUST}/Issue</t:RequestType><t:Entropy><t:BinarySecret Type="${TRUST}/Nonce">` +
      `${entropy.toString('base64')}</t:BinarySecret></t:Entropy><t:KeySize>256</t:KeySize></t:RequestSecurityToken>`,
  });
}

function sessionFrom(answer: Answer, entropy: Buffer): Session {
  const part = (pattern: RegExp): string => {
    const found = pattern.exec(answer.text)?.[1];
    if (found === undefined) throw new Breach(`HTTP ${answer.status} that opens no session`);
    return found;
  };
  const serverEntropy = Buffer.from(part(/<\w+:BinarySecret [^>]*>([^<]*)</), 'base64');
  const token = part(/(<\w+:SecurityContextToken .*<\/\w+:SecurityContextToken>)/);
  const tokenId = /\w+:Id="([^"]+)"/.exec(token)?.[1];
  if (tokenId === undefined) throw new Breach('a context token without an id');
  return {
    token,
    identifier: part(/<\w+:Identifier>([^<]*)</),
    tokenId,
    key: pSha1(entropy, serverEntropy),
  };
}

/** The Timestamp in its canonical form, so that what is hashed is what is sent. */
export function canonicalTimestamp(created = 0, expires = created + 300, id = '_0'): string {
  return (
    `<u:Timestamp xmlns:u="${NS.utility}" u:Id="${id}"><u:Created>${moment(created)}</u:Created>` +
    `<u:Expires>${moment(expires)}</u:Expires></u:Timestamp>`
  );
}

/** What may differ in a signature. */
export interface Signing {
  readonly timestamp: string;
  readonly key: Buffer;
  readonly reference?: string;
  readonly uri?: string;
  readonly canonicalization?: string;
  readonly signatureMethod?: string;
  readonly digestMethod?: string;
  readonly digest?: string;
  readonly transforms?: string;
  readonly keyInfo: string;
  readonly moreOfSignatureMethod?: string;
  readonly signatureValue?: (right: string) => string;
  readonly signedInfo?: (right: string) => string;
}

/** The Signature over a Timestamp. */
export function signature(signing: Signing): string {
  const {
    timestamp,
    key,
    uri = '#_0',
    canonicalization = EXCLUSIVE,
    signatureMethod = `${DSIG}hmac-sha1`,
    digestMethod = `${DSIG}sha1`,
    digest = createHash('sha1').update(timestamp).digest('base64'),
    transforms = `<Transforms><Transform Algorithm="${EXCLUSIVE}"></Transform></Transforms>`,
    moreOfSignatureMethod = '',
    signatureValue = (right: string): string => right,
    signedInfo = (right: string): string => right,
  } = signing;
  const reference =
    signing.reference ??
    `<Reference URI="${uri}">${transforms}<DigestMethod Algorithm="${digestMethod}"></DigestMethod>` +
      `<DigestValue>${digest}</DigestValue></Reference>`;
  const info =
    `<SignedInfo xmlns="${DSIG}"><CanonicalizationMethod Algorithm="${canonicalization}"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="${signatureMethod}">${moreOfSignatureMethod}</SignatureMethod>${reference}</SignedInfo>`;
  const algorithm = signatureMethod.includes('sha256') ? 'sha256' : 'sha1';
  const value = createHmac(algorithm, key).update(info).digest('base64');
  const sent = info.replace(` xmlns="${DSIG}"`, '');
  return (
    `<Signature xmlns="${DSIG}">${signedInfo(sent)}<SignatureValue>${signatureValue(value)}</SignatureValue>` +
    `${signing.keyInfo}</Signature>`
  );
}

/** What refers to the context token by its id. */
export function keyInfo(uri: string): string {
  return (
    `<KeyInfo><o:SecurityTokenReference><o:Reference ValueType="${CONTEXT_TOKEN}" URI="${uri}"/>` +
    '</o:SecurityTokenReference></KeyInfo>'
  );
}

/** The Security header of a call in a session. */
export function signedHeader(
  session: Session,
  over: Partial<Signing> & { readonly token?: string } = {},
): string {
  const timestamp = over.timestamp ?? canonicalTimestamp();
  const signed = signature({ key: session.key, keyInfo: keyInfo(`#${session.tokenId}`), ...over, timestamp });
  return security(timestamp + (over.token ?? session.token) + signed);
}

/** A call in a session. */
export function sessionCall(
  target: Target,
  session: Session,
  header = signedHeader(session),
  parts: Parts = {},
): string {
  return question(target, { security: header, body: demographicsBody(target.person.nin), ...parts });
}

/** Ends a session. */
export function cancelMessage(session: Session): string {
  return envelope({
    action: `${TRUST}/RST/SCT/Cancel`,
    security: signedHeader(session),
    body:
      `<t:RequestSecurityToken xmlns:t="${TRUST}"><t:RequestType>${TRUST}/Cancel</t:RequestType>` +
      `<t:CancelTarget><o:SecurityTokenReference xmlns:o="${NS.security}"><o:Reference URI="${session.identifier}" ` +
      `ValueType="${CONTEXT_TOKEN}"/></o:SecurityTokenReference></t:CancelTarget></t:RequestSecurityToken>`,
  });
}

/** A UsernameToken with a digest. Source: UsernameToken Profile 1.0, 3.1. */
export function digestToken(
  { username, password }: { readonly username: string; readonly password: string },
  over: {
    readonly nonce?: Buffer;
    readonly created?: string;
    readonly overRawNonce?: boolean;
    readonly parts?: (nonce: string, created: string) => string;
  } = {},
): string {
  const nonce = over.nonce ?? randomBytes(16);
  const created = over.created ?? moment();
  const hashed = over.overRawNonce === true ? Buffer.from(nonce.toString('base64')) : nonce;
  const digest = createHash('sha1')
    .update(Buffer.concat([hashed, Buffer.from(created), Buffer.from(password)]))
    .digest('base64');
  const nonceXml = `<o:Nonce EncodingType="${NS.base64}">${nonce.toString('base64')}</o:Nonce>`;
  const createdXml = `<u:Created>${created}</u:Created>`;
  return (
    `<o:UsernameToken><o:Username>${username}</o:Username><o:Password Type="${NS.profile}#PasswordDigest">${digest}</o:Password>` +
    `${over.parts?.(nonceXml, createdXml) ?? nonceXml + createdXml}</o:UsernameToken>`
  );
}
