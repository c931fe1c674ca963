import { oncePerObject } from '../../runtime/once-per-object.js';
import type { XmlNode } from '../../xml/element.js';
import { escapeText } from '../../xml/escape.js';
import { writeXml } from '../../xml/writer.js';
import { WrittenXml } from '../../xml/written-xml.js';
import { SECURITY, SECURITY_UTILITY } from '../../contract/soap/namespaces.js';
import type { ReplyBody } from './soap-service.js';
import { namespacesOf, type SoapForm, type SoapVersion } from './soap-version.js';

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

/** What differs from one envelope to another besides texts. */
interface EnvelopeForm {
  readonly addressed: boolean;
  readonly related: boolean;
  readonly secured: boolean;
  /** Whether header blocks follow the usual ones. */
  readonly more: boolean;
}

/** Stands for a text that is not known yet, or for markup; nothing of ours holds it. */
const OPEN = '{}';

/**
 * An answer as .NET's server writes it: prefixes s, a, u and o, headers Action, RelatesTo and Security, the Timestamp
 * unsigned and good for five minutes. Contract: preg-hl7v3 1.2 and 1.5.
 */
export function writeReply({ version, addressed, secured }: SoapForm, reply: Reply): string {
  const { action, relatesTo, securedAt, headers = [], body } = reply;
  const texts: string[] = [];
  if (addressed) {
    texts.push(escapeText(action));
    if (relatesTo !== undefined) texts.push(escapeText(relatesTo));
  }
  const stamped = secured ? securedAt : undefined;
  if (stamped !== undefined) {
    const expires = new Date(stamped.getTime() + LIFETIME_MILLISECONDS);
    texts.push(stamped.toISOString(), expires.toISOString());
  }
  if (headers.length > 0) texts.push(headers.map((header) => writeXml(header)).join(''));
  texts.push(body instanceof WrittenXml ? body.text : writeXml(body));
  const pieces = envelopesOf(version).around({
    addressed,
    related: relatesTo !== undefined,
    secured: stamped !== undefined,
    more: headers.length > 0,
  });
  return pieces.reduce((message, piece, index) => `${message}${texts[index - 1] ?? ''}${piece}`);
}

/** The envelopes of a version: there are few forms, and each is written once. */
const envelopesOf = oncePerObject((version: SoapVersion) => new Envelopes(version));

class Envelopes {
  readonly #pieces = new Map<string, readonly string[]>();

  constructor(private readonly version: SoapVersion) {}

  /** What stands around the texts of a message, one piece more than there are texts. */
  around(form: EnvelopeForm): readonly string[] {
    const { addressed, related, secured, more } = form;
    const key = `${addressed} ${related} ${secured} ${more}`;
    let pieces = this.#pieces.get(key);
    if (pieces === undefined) {
      pieces = this.#write(form).split(OPEN);
      this.#pieces.set(key, pieces);
    }
    return pieces;
  }

  #write(form: EnvelopeForm): string {
    const headers: (XmlNode | string)[] = form.addressed ? addressingHeaders(form) : [];
    if (form.secured) headers.push(securityHeader);
    if (form.more) headers.push(OPEN);
    const { addressed } = form;
    return writeXml(
      {
        name: 's:Envelope',
        attributes: { ...namespacesOf({ version: this.version, addressed }), 'xmlns:u': SECURITY_UTILITY },
        content: [
          ...(headers.length === 0 ? [] : [{ name: 's:Header', content: headers }]),
          { name: 's:Body', content: [OPEN] },
        ],
      },
      { declaration: true },
    );
  }
}

function addressingHeaders({ related }: EnvelopeForm): XmlNode[] {
  const headers: XmlNode[] = [{ name: 'a:Action', attributes: { 's:mustUnderstand': '1' }, content: [OPEN] }];
  if (related) headers.push({ name: 'a:RelatesTo', content: [OPEN] });
  return headers;
}

const securityHeader: XmlNode = {
  name: 'o:Security',
  attributes: { 's:mustUnderstand': '1', 'xmlns:o': SECURITY },
  content: [
    {
      name: 'u:Timestamp',
      attributes: { 'u:Id': '_0' },
      content: [
        { name: 'u:Created', content: [OPEN] },
        { name: 'u:Expires', content: [OPEN] },
      ],
    },
  ],
};
