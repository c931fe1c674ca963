import type { Caller } from '../person-registry.js';
import type { XmlElement } from '../../xml/element.js';

/** The two SOAP services of the old PREG. */
export const pregServiceNames = ['hl7v3', 'preg-xml'] as const;
export type PregServiceName = (typeof pregServiceNames)[number];

/** What is asked of the old PREG. */
export interface PregRequest {
  readonly service: PregServiceName;
  /** Name of the operation in the service's WSDL. */
  readonly operation: string;
  /** The only child of the Body as XML text that declares every prefix it uses. */
  readonly body: string;
}

/** What the old PREG answers. */
export interface PregReply {
  /** The only child of the reply's Body. */
  readonly body: XmlElement;
  /**
   * The same as XML text that declares every prefix it uses, otherwise as it was sent. It is looked for when it is read.
   * @throws PregRejected where it cannot be told apart from the rest of what was sent
   */
  readonly text: string;
}

/** The old PREG over SOAP, asked with the account that belongs to the caller's client. */
export interface PregService {
  /**
   * Asks within the caller's time.
   * @throws AdapterError: PregUnavailable, PregRejected, or what the end of the caller's time gives
   */
  call(request: PregRequest, caller: Caller): Promise<PregReply>;
}
