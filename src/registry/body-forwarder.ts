import type { Protocol } from '../access/legacy-client.js';
import type { XmlElement } from '../xml/element.js';
import type { Caller } from './person-registry.js';

/**
 * The part of the waist that lets a request through to the old register as it came: what the waist has no question for, or what
 * changes something, cannot be asked of two registers and compared.
 */
export interface BodyForwarder {
  /** Whether it is the old register that answers what this caller asks. */
  isForwarded(caller: Caller): boolean;
  /** @throws AdapterError: PregUnavailable, PregRejected, or what the end of the caller's time gives */
  forward(request: ForwardedRequest, caller: Caller): Promise<ForwardedReply>;
}

/** A request for the old register's service of the same protocol. */
export interface ForwardedRequest {
  readonly service: Extract<Protocol, 'hl7v3' | 'preg-xml'>;
  /** Name of the operation in the service's WSDL. */
  readonly operation: string;
  /** The child of the Body as XML text that declares every prefix it uses. */
  readonly body: string;
}

/** What the old register answers. */
export interface ForwardedReply {
  /** The child of the reply's Body. */
  readonly body: XmlElement;
  /** The same as XML text that declares every prefix it uses, otherwise as it was sent. */
  readonly text: string;
}
