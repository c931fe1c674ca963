import {
  EncodingConflict,
  InvalidAddressing,
  InvalidQuery,
  VersionMismatch,
  type AdapterError,
} from '../../errors/errors.js';
import type { CorrelationId } from '../../runtime/correlation.js';
import type { XmlNode } from '../../xml/element.js';
import { addressingSubcodes, type FaultRow, type Subcode } from './fault-table.js';
import { writeReply } from './reply.js';
import { namespacesOf, type FaultCode, type SoapForm, type SoapVersion } from './soap-version.js';

/** What a fault needs to know of the request that it answers. */
export interface FaultContext {
  readonly correlationId: CorrelationId;
  /** The request's message id, when it could be read. */
  readonly relatesTo: string | undefined;
  /** The present, for the Timestamp. */
  readonly now: Date;
}

/**
 * The fault for an error as a complete SOAP message. All of its text is ours: but for the message id that it relates
 * to, nothing that the caller sent comes back.
 */
export function writeFault(
  form: SoapForm,
  row: FaultRow,
  error: AdapterError,
  context: FaultContext,
): string {
  const text = reasonText(form, row, error);
  const fault: Fault = {
    code: row.code,
    subcodes: error instanceof InvalidAddressing ? addressingSubcodes[error.problem] : row.subcodes,
    reason: row.correlated ? `${text} Correlation id: ${context.correlationId}.` : text,
    problem: problem(error),
  };
  const { headers, content } = forms[form.version.faultForm](form, fault);
  return writeReply(form, {
    action: row.action,
    relatesTo: context.relatesTo,
    securedAt: row.secured ? context.now : undefined,
    headers,
    body: { name: 's:Fault', content },
  });
}

interface Fault {
  readonly code: FaultCode;
  /** From outer to inner. */
  readonly subcodes: readonly Subcode[];
  readonly reason: string;
  /** What the addressing header in question is. */
  readonly problem: readonly XmlNode[];
}

/** The children of the Fault, and the headers that go with it. */
interface WrittenFault {
  readonly headers: readonly XmlNode[];
  readonly content: readonly XmlNode[];
}

const forms: Readonly<Record<SoapVersion['faultForm'], (form: SoapForm, fault: Fault) => WrittenFault>> = {
  Code: nestedForm,
  faultcode: flatForm,
};

/** SOAP 1.2 part 1, 5.4: codes inside codes, and the detail in the Fault. */
function nestedForm(form: SoapForm, { code, subcodes, reason, problem }: Fault): WrittenFault {
  return {
    headers: code === 'VersionMismatch' ? [UPGRADE] : [],
    content: [
      {
        name: 's:Code',
        content: [
          { name: 's:Value', content: [`s:${form.version.faultCodes[code]}`] },
          ...nested(form, subcodes),
        ],
      },
      {
        name: 's:Reason',
        content: [{ name: 's:Text', attributes: { 'xml:lang': LANGUAGE }, content: [reason] }],
      },
      ...(problem.length === 0 ? [] : [{ name: 's:Detail', content: problem }]),
    ],
  };
}

/**
 * SOAP 1.1, 4.4, as .NET writes it: one code, the outermost subcode where there is one. The detail is for errors in the
 * body alone, so that what is wrong with a header goes into a header (WS-Addressing 1.0 SOAP Binding, 6.3).
 */
function flatForm(form: SoapForm, { code, subcodes, reason, problem }: Fault): WrittenFault {
  const [subcode] = subcodes;
  return {
    headers: problem.length === 0 ? [] : [{ name: 'a:FaultDetail', content: problem }],
    content: [
      subcode === undefined
        ? { name: 'faultcode', content: [`s:${form.version.faultCodes[code]}`] }
        : qualifiedName('faultcode', form, subcode),
      { name: 'faultstring', attributes: { 'xml:lang': LANGUAGE }, content: [reason] },
    ],
  };
}

const LANGUAGE = 'en-US';

function reasonText({ version }: SoapForm, row: FaultRow, error: AdapterError): string {
  if (error instanceof EncodingConflict) return error.publicReason;
  if (error instanceof InvalidQuery) return `${row.text} ${error.parameter}: ${error.problem}.`;
  if (error instanceof VersionMismatch) return `The envelope is not of ${version.name}.`;
  return row.text;
}

function nested(form: SoapForm, subcodes: readonly Subcode[]): readonly XmlNode[] {
  const [outer, ...inner] = subcodes;
  if (outer === undefined) return [];
  return [{ name: 's:Subcode', content: [qualifiedName('s:Value', form, outer), ...nested(form, inner)] }];
}

function qualifiedName(name: string, form: SoapForm, { prefix, namespace, localName }: Subcode): XmlNode {
  const isDeclared = `xmlns:${prefix}` in namespacesOf(form);
  return {
    name,
    attributes: isDeclared ? {} : { [`xmlns:${prefix}`]: namespace },
    content: [`${prefix}:${localName}`],
  };
}

/** Names the addressing header in question (WS-Addressing 1.0 SOAP Binding, 6.2). The name comes from our own list. */
function problem(error: AdapterError): readonly XmlNode[] {
  if (!(error instanceof InvalidAddressing)) return [];
  return [{ name: 'a:ProblemHeaderQName', content: [`a:${error.header}`] }];
}

/** Tells a client of another version which one is served (SOAP 1.2 part 1, 5.4.7). */
const UPGRADE: XmlNode = {
  name: 's:Upgrade',
  content: [{ name: 's:SupportedEnvelope', attributes: { qname: 's:Envelope' } }],
};
