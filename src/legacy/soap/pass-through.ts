import { NotAuthorised } from '../../errors/errors.js';
import { fieldGroups } from '../../person/field-groups.js';
import type { NationalId } from '../../person/national-id.js';
import type { BodyForwarder, ForwardedRequest } from '../../registry/body-forwarder.js';
import type { Caller } from '../../registry/person-registry.js';
import type { XmlElement } from '../../xml/element.js';
import { WrittenXml } from '../../xml/written-xml.js';
import type { SoapAnswer, SoapCall, SoapOperation, SoapService } from './soap-service.js';

/** What is known of an operation whose requests may go to the old register as they came. */
export interface ForwardedOperation {
  /** Whether its reply tells of people more than their numbers. */
  readonly tellsPeople: boolean;
  /** Whether such a request goes there; all do when absent. */
  readonly isForwarded?: (body: XmlElement) => boolean;
  /** The people whom a request or a reply is about, as far as it says so. */
  readonly subjects: (body: XmlElement) => readonly NationalId[];
  /** Who asks, where the request tells. */
  readonly requester?: (body: XmlElement) => string | undefined;
}

/** The old register, for a service whose requests it may answer. */
export interface OldRegister {
  /** Undefined where there is none any more. */
  readonly forwarder: BodyForwarder | undefined;
  /** Counts a request that could go there, whoever answers it. */
  readonly noteUse: (caller: Caller) => void;
}

/** The operations of a service that are let through, by name. */
export type ForwardedOperations = ReadonlyMap<string, ForwardedOperation>;

/**
 * A service whose operations go to the old register as they came, and its answers back, while that is the one that answers
 * the client. Everything else is served as before.
 */
export function withPassThrough(
  service: SoapService,
  old: OldRegister,
  forwarded: ForwardedOperations,
): SoapService {
  const { protocol } = service;
  if (protocol !== 'hl7v3' && protocol !== 'preg-xml') throw new TypeError('PREG has no such SOAP service');
  return {
    ...service,
    operations: service.operations.map((operation) => {
      const known = forwarded.get(operation.name);
      return known === undefined ? operation : letThrough(operation, known, old, protocol);
    }),
  };
}

function letThrough(
  operation: SoapOperation,
  known: ForwardedOperation,
  { forwarder, noteUse }: OldRegister,
  service: ForwardedRequest['service'],
): SoapOperation {
  return {
    ...operation,
    handle: (body, call) => {
      if (known.isForwarded?.(body) === false) return operation.handle(body, call);
      noteUse(call.caller);
      if (forwarder?.isForwarded(call.caller) !== true) return operation.handle(body, call);
      const request = { service, operation: operation.name, body: call.bodyText() };
      return forwardedAnswer(request, body, call, { known, forwarder });
    },
  };
}

interface Way {
  readonly known: ForwardedOperation;
  readonly forwarder: BodyForwarder;
}

/** @throws NotAuthorised for a client that may not see everything: nothing can be taken out of an answer that is not read */
async function forwardedAnswer(
  request: ForwardedRequest,
  body: XmlElement,
  call: SoapCall,
  { known, forwarder }: Way,
): Promise<SoapAnswer> {
  const asked = known.subjects(body);
  const detail = { requester: known.requester?.(body) };
  call.describe(asked, detail);
  if (known.tellsPeople && !fieldGroups.every((group) => call.client.visible.has(group))) {
    throw new NotAuthorised('the profile hides fields of an answer that is passed on unread');
  }
  const reply = await forwarder.forward(request, call.caller);
  call.describe([...new Set([...asked, ...known.subjects(reply.body)])], detail);
  return { body: new WrittenXml(reply.text), outcome: 'done' };
}
