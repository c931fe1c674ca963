/** SOAP requests as PREG's clients send them, with any part replaced by another text. */

export const SENT_AT = '2025-01-15T10:30:00.000Z';
export const MESSAGE_ID = 'urn:uuid:00000000-0000-4000-9000-000000000001';
export const ECHO_ACTION = 'urn:example:echo/Echo';

export const namespaces = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  soap11: 'http://schemas.xmlsoap.org/soap/envelope/',
  addressing: 'http://www.w3.org/2005/08/addressing',
  utility: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  security: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  passwordText:
    'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText',
} as const;

export const timestamp =
  '<u:Timestamp u:Id="_0"><u:Created>2025-01-15T10:30:00.000Z</u:Created><u:Expires>2025-01-15T10:35:00.000Z</u:Expires></u:Timestamp>';
export const usernameToken = `<o:UsernameToken u:Id="t"><o:Username>epj</o:Username><o:Password Type="${namespaces.passwordText}">secret</o:Password></o:UsernameToken>`;

export function security(content: string): string {
  return `<o:Security s:mustUnderstand="1" xmlns:o="${namespaces.security}">${content}</o:Security>`;
}

/** XML text of each part of the message. */
export interface MessageParts {
  readonly declaration?: string;
  readonly action?: string;
  readonly messageId?: string;
  readonly replyTo?: string;
  readonly to?: string;
  readonly security?: string;
  readonly moreHeaders?: string;
  readonly body?: string;
}

export function soapMessage(parts: MessageParts = {}): string {
  const headers = [
    parts.action ?? `<a:Action s:mustUnderstand="1">${ECHO_ACTION}</a:Action>`,
    parts.messageId ?? `<a:MessageID>${MESSAGE_ID}</a:MessageID>`,
    parts.replyTo ?? `<a:ReplyTo><a:Address>${namespaces.addressing}/anonymous</a:Address></a:ReplyTo>`,
    parts.to ?? '<a:To s:mustUnderstand="1">https://preg.example.invalid/Echo.svc</a:To>',
    parts.security ?? security(timestamp + usernameToken),
    parts.moreHeaders ?? '',
  ];
  return envelope(
    `<s:Header>${headers.join('')}</s:Header><s:Body>${parts.body ?? echoBody('hello')}</s:Body>`,
    parts.declaration,
  );
}

export function envelope(content: string, declaration = ''): string {
  return `${declaration}<s:Envelope xmlns:s="${namespaces.soap}" xmlns:a="${namespaces.addressing}" xmlns:u="${namespaces.utility}">${content}</s:Envelope>`;
}

/** Headers of HTTP for a SOAP 1.1 message. */
export const soap11Headers = {
  'content-type': 'text/xml; charset=utf-8',
  soapaction: `"${ECHO_ACTION}"`,
} as const;

/** The same message in SOAP 1.1. Addressing headers are left out but for those that are given. */
export function soap11Message(parts: MessageParts = {}): string {
  const bare = { action: '', messageId: '', replyTo: '', to: '' };
  return asSoap11(soapMessage({ ...bare, ...parts }));
}

/** A message of SOAP 1.2 in the envelope of SOAP 1.1. */
export function asSoap11(message: string): string {
  return message.replace(namespaces.soap, namespaces.soap11);
}

/** Body of a request that gets `value` (XML text) back. */
export function echoBody(value: string): string {
  return `<Echo xmlns="urn:example:echo"><value>${value}</value></Echo>`;
}
