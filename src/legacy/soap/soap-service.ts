import type { LegacyClient, Protocol } from '../../access/legacy-client.js';
import type { AuditDetail, AuditOutcome } from '../../operations/audit-trail.js';
import type { NationalId } from '../../person/national-id.js';
import type { Caller } from '../../registry/person-registry.js';
import type { XmlElement, XmlNode } from '../../xml/element.js';
import type { WrittenXml } from '../../xml/written-xml.js';

/** What a protocol gives to the SOAP layer: its operations and its metadata. Everything around the body is SOAP's. */
export interface SoapService {
  readonly protocol: Protocol;
  /** Known paths, as in the old service's addresses. */
  readonly paths: readonly string[];
  readonly operations: readonly SoapOperation[];
  /** The line a browser sees at the address without a query. */
  readonly greeting: string;
  /** The metadata documents of the service, for the address that callers see (no trailing slash). */
  metadata(address: string): ServiceMetadata;
}

/** The documents behind `?wsdl`, `?singleWsdl` and `?xsd=NAME`, as complete XML text. */
export interface ServiceMetadata {
  readonly wsdl: string;
  readonly singleWsdl: string;
  readonly schemas: ReadonlyMap<string, string>;
}

/** What tells an operation from others, on the way in and on the way out. */
export interface OperationAddress {
  readonly name: string;
  /** Request and reply WS-Addressing actions. */
  readonly action: string;
  readonly replyAction: string;
  /** The element that must be the only child of the request's body. */
  readonly bodyNamespace: string;
  readonly bodyLocalName: string;
}

/** One operation of a service. */
export interface SoapOperation extends OperationAddress {
  /**
   * Answers one request. What is thrown becomes a fault.
   * @throws AdapterError
   */
  handle(body: XmlElement, call: SoapCall): Promise<SoapAnswer>;
}

/** Who asks, after authentication, and under which constraints. */
export interface SoapCall {
  readonly client: LegacyClient;
  readonly caller: Caller;
  readonly receivedAt: Date;
  /** Tells the audit trail who was asked for and by whom, as soon as the message has told. One entry for each number. */
  describe(subjects: readonly NationalId[], detail?: Pick<AuditDetail, 'requester'>): void;
  /** The child of the request's Body as it was sent, as XML text that declares every prefix it uses. */
  bodyText(): string;
  /** How many octets the whole reply has on the wire with this body, envelope included. */
  replyLength(body: ReplyBody): number;
}

/** The child of a reply's Body: to be written, or written by somebody else, with every prefix declared that it uses. */
export type ReplyBody = XmlNode | WrittenXml;

/** The child of the reply's body, and what the audit trail shall say. */
export interface SoapAnswer {
  readonly body: ReplyBody;
  readonly outcome: AuditOutcome;
}
