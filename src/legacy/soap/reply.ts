import type { XmlNode } from '../../xml/element.js';
import { writeXml } from '../../xml/writer.js';
import { SECURITY, SECURITY_UTILITY } from '../../contract/soap/namespaces.js';
import type { ReplyBody } from './soap-service.js';
import { namespacesOf, type SoapForm } from './soap-version.js';

/** What goes into an answer beside its body. */
export interface Reply {
  /** Left out, as the message id is, of a form without addressing headers. */
  readonly action: string;
  /** The request's message id; undefined when it could not be read. */
  readonly relatesTo: string | undefined;
  /** When the answer was made, for its Timestamp; undefined leaves the Security header out, as the form may. */
  readonly securedAt: Date | undefined;
  /** Header blocks after the usual ones. */
  readonly headers?: readonly XmlNode[];
  /** The only child of the Body. */
  readonly body: ReplyBody;
}

const LIFETIME_MILLISECONDS = 5 * 60_000;

/**
 * An answer as .NET's server writes it: prefixes s, a, u and o, headers Action, RelatesTo and Security, the Timestamp
 * unsigned and good for five minutes. Contract: preg-hl7v3 1.2 and 1.5.
 */
export function writeReply(form: SoapForm, reply: Reply): string {
  const headers: XmlNode[] = form.addressed ? addressingHeaders(reply) : [];
  if (form.secured && reply.securedAt !== undefined) headers.push(securityHeader(reply.securedAt));
  headers.push(...(reply.headers ?? []));
  return writeXml(
    {
      name: 's:Envelope',
      attributes: { ...namespacesOf(form), 'xmlns:u': SECURITY_UTILITY },
      content: [
        ...(headers.length === 0 ? [] : [{ name: 's:Header', content: headers }]),
        { name: 's:Body', content: [reply.body] },
      ],
    },
    { declaration: true },
  );
}

function addressingHeaders({ action, relatesTo }: Reply): XmlNode[] {
  const headers: XmlNode[] = [
    { name: 'a:Action', attributes: { 's:mustUnderstand': '1' }, content: [action] },
  ];
  if (relatesTo !== undefined) headers.push({ name: 'a:RelatesTo', content: [relatesTo] });
  return headers;
}

function securityHeader(created: Date): XmlNode {
  const expires = new Date(created.getTime() + LIFETIME_MILLISECONDS);
  return {
    name: 'o:Security',
    attributes: { 's:mustUnderstand': '1', 'xmlns:o': SECURITY },
    content: [
      {
        name: 'u:Timestamp',
        attributes: { 'u:Id': '_0' },
        content: [
          { name: 'u:Created', content: [created.toISOString()] },
          { name: 'u:Expires', content: [expires.toISOString()] },
        ],
      },
    ],
  };
}
