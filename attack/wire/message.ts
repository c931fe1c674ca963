import { randomUUID } from 'node:crypto';
import type { Target } from '../world/target.js';
import { send, type Answer, type Sending } from './http.js';

/** SOAP messages as PREG's clients write them, any part of which an attacker may replace. Source: contract preg-hl7v3 1.5, 2.5. */

export const HL7V3_PATH = '/Personregister.HL7/PersonRegistry.svc';
export const PERSON_SERVICE_PATH = '/Personregister.WCF/PersonService.svc';

export const NS = {
  soap12: 'http://www.w3.org/2003/05/soap-envelope',
  soap11: 'http://schemas.xmlsoap.org/soap/envelope/',
  addressing: 'http://www.w3.org/2005/08/addressing',
  utility: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  security: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  profile: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0',
  base64: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary',
} as const;

export const PASSWORD_TEXT = `${NS.profile}#PasswordText`;
export const PASSWORD_DIGEST = `${NS.profile}#PasswordDigest`;

export const GET_DEMOGRAPHICS = 'http://tempuri.org/IPersonRegistry/GetDemographics';
export const GET_PERSON = 'http://register.nhn.no/PR/IPersonService/GetPerson';

/** XML text of each part of a message. */
export interface Parts {
  readonly declaration?: string;
  readonly version?: '1.1' | '1.2';
  readonly action?: string;
  readonly headers?: string;
  /** The whole Security header. */
  readonly security?: string;
  readonly moreHeaders?: string;
  readonly body?: string;
}

/** The message, as it is asked for; nothing but the parts is needed to be right. */
export function envelope(parts: Parts): string {
  const soap = parts.version === '1.1' ? NS.soap11 : NS.soap12;
  const headers =
    parts.headers ??
    `<a:Action s:mustUnderstand="1">${parts.action ?? GET_DEMOGRAPHICS}</a:Action>` +
      `<a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>` +
      `<a:ReplyTo><a:Address>${NS.addressing}/anonymous</a:Address></a:ReplyTo>` +
      '<a:To s:mustUnderstand="1">https://preg.invalid/PersonRegistry.svc</a:To>';
  return (
    `${parts.declaration ?? ''}<s:Envelope xmlns:s="${soap}" xmlns:a="${NS.addressing}" xmlns:u="${NS.utility}">` +
    `<s:Header>${headers}${parts.security ?? ''}${parts.moreHeaders ?? ''}</s:Header>` +
    `<s:Body>${parts.body ?? ''}</s:Body></s:Envelope>`
  );
}

/** The Security header around its parts. */
export function security(content: string): string {
  return `<o:Security s:mustUnderstand="1" xmlns:o="${NS.security}">${content}</o:Security>`;
}

/** A moment, `seconds` from now, as WCF writes it. */
export function moment(seconds = 0): string {
  return new Date(Date.now() + seconds * 1_000).toISOString();
}

/** The Timestamp, whose life begins so many seconds from now. */
export function timestamp(created = 0, expires = created + 300): string {
  return `<u:Timestamp u:Id="_0"><u:Created>${moment(created)}</u:Created><u:Expires>${moment(expires)}</u:Expires></u:Timestamp>`;
}

/** The UsernameToken with a password in clear. */
export function usernameToken(username: string, password: string): string {
  return (
    `<o:UsernameToken u:Id="t"><o:Username>${username}</o:Username>` +
    `<o:Password Type="${PASSWORD_TEXT}">${password}</o:Password></o:UsernameToken>`
  );
}

/** The Security header of an honest client. */
export function honest({ account }: Pick<Target, 'account'>): string {
  return security(timestamp() + usernameToken(account.username, account.password));
}

/** The body of GetDemographics; `extension` is XML of an attribute value. */
export function demographicsBody(extension: string, more = ''): string {
  return (
    '<t:GetDemographics xmlns:t="http://tempuri.org/" xmlns="urn:hl7-org:v3"><t:query>' +
    `<id root="1.2.3.4" extension="${randomUUID()}"/><versionCode code="NE2010NO"/>` +
    '<interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN101307NO01"/>' +
    '<processingCode code="T"/><processingModeCode code="T"/>' +
    `<controlActProcess classCode="CACT" moodCode="APT">${more}<queryByParameter><parameterList>` +
    `<identifiedPersonIdentifier><value root="2.16.578.1.12.4.1.4.1" extension="${extension}"/></identifiedPersonIdentifier>` +
    '</parameterList></queryByParameter></controlActProcess></t:query></t:GetDemographics>'
  );
}

/** The body of GetPerson; `nin` is XML of the element's content. */
export function personBody(nin: string): string {
  return (
    '<GetPerson xmlns="http://register.nhn.no/PR"><parameters xmlns:b="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data">' +
    `<b:NIN>${nin}</b:NIN></parameters></GetPerson>`
  );
}

/** The body of a search by surname; `surname` is XML. */
export function candidatesBody(surname: string, birthDate: string): string {
  return (
    '<t:FindCandidates xmlns:t="http://tempuri.org/" xmlns="urn:hl7-org:v3"><t:query>' +
    `<id root="1.2.3.4" extension="${randomUUID()}"/><versionCode code="NE2010NO"/>` +
    '<interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN101305NO01"/>' +
    '<processingCode code="T"/><processingModeCode code="T"/>' +
    '<controlActProcess classCode="CACT" moodCode="APT"><queryByParameter><parameterList>' +
    `<personBirthTime><value value="${birthDate}"/></personBirthTime>` +
    `<personName><value><family>${surname}</family></value></personName>` +
    '</parameterList></queryByParameter></controlActProcess></t:query></t:FindCandidates>'
  );
}

/** The question that every honest client can ask, with any part replaced. */
export function question(target: Target, parts: Parts = {}): string {
  return envelope({ security: honest(target), body: demographicsBody(target.person.nin), ...parts });
}

/** The same in Personregister-XML. */
export function pregXmlQuestion(target: Target, parts: Parts = {}): string {
  return envelope({
    security: honest(target),
    action: GET_PERSON,
    body: personBody(target.person.nin),
    ...parts,
  });
}

const SOAP12 = 'application/soap+xml; charset=utf-8';

/** Posts a message to PREG's HL7 v3 address, in SOAP 1.2 unless a header says otherwise. */
export function post(
  target: Target,
  body: string | Buffer,
  { headers = {}, ...sending }: Sending & { readonly path?: string } = {},
): Promise<Answer> {
  return send(target, sending.path ?? HL7V3_PATH, {
    ...sending,
    body,
    headers: { 'Content-Type': SOAP12, ...headers },
  });
}
