import { EncodingConflict, InvalidAddressing, InvalidQuery, type AdapterError } from '../../errors/errors.js';
import type { CorrelationId } from '../../runtime/correlation.js';
import type { XmlNode } from '../../xml/element.js';
import { addressingSubcodes, type FaultRow, type Subcode } from './fault-table.js';
import { writeReply } from './reply.js';

/** What a fault needs to know of the request that it answers. */
export interface FaultContext {
  readonly correlationId: CorrelationId;
  /** The request's message id, when it could be read. */
  readonly relatesTo: string | undefined;
  /** The present, for the Timestamp. */
  readonly now: Date;
}

/**
 * The fault for an error as a complete SOAP 1.2 message. All of its text is ours: but for the message id that it
 * relates to, nothing that the caller sent comes back.
 */
export function writeFault(row: FaultRow, error: AdapterError, context: FaultContext): string {
  const subcodes = error instanceof InvalidAddressing ? addressingSubcodes[error.problem] : row.subcodes;
  const text = reasonText(row, error);
  const body: XmlNode = {
    name: 's:Fault',
    content: [
      { name: 's:Code', content: [{ name: 's:Value', content: [`s:${row.code}`] }, ...nested(subcodes)] },
      {
        name: 's:Reason',
        content: [
          {
            name: 's:Text',
            attributes: { 'xml:lang': 'en-US' },
            content: [row.correlated ? `${text} Correlation id: ${context.correlationId}.` : text],
          },
        ],
      },
      ...detail(error),
    ],
  };
  return writeReply({
    action: row.action,
    relatesTo: context.relatesTo,
    securedAt: row.secured ? context.now : undefined,
    headers: row.code === 'VersionMismatch' ? [UPGRADE] : [],
    body,
  });
}

function reasonText(row: FaultRow, error: AdapterError): string {
  if (error instanceof EncodingConflict) return error.publicReason;
  if (error instanceof InvalidQuery) return `${row.text} ${error.parameter}: ${error.problem}.`;
  return row.text;
}

function nested(subcodes: readonly Subcode[]): readonly XmlNode[] {
  const [outer, ...inner] = subcodes;
  if (outer === undefined) return [];
  const value: XmlNode = {
    name: 's:Value',
    // The envelope declares a.
    attributes: outer.prefix === 'a' ? {} : { [`xmlns:${outer.prefix}`]: outer.namespace },
    content: [`${outer.prefix}:${outer.localName}`],
  };
  return [{ name: 's:Subcode', content: [value, ...nested(inner)] }];
}

/** Names the addressing header in question (WS-Addressing 1.0 SOAP Binding, 6.2). The name comes from our own list. */
function detail(error: AdapterError): readonly XmlNode[] {
  if (!(error instanceof InvalidAddressing)) return [];
  return [{ name: 's:Detail', content: [{ name: 'a:ProblemHeaderQName', content: [`a:${error.header}`] }] }];
}

/** Tells a client of another version which one is served (SOAP 1.2 part 1, 5.4.7). */
const UPGRADE: XmlNode = {
  name: 's:Upgrade',
  content: [{ name: 's:SupportedEnvelope', attributes: { qname: 's:Envelope' } }],
};
