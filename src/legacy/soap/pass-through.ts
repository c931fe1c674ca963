import { NotAuthorised } from '../../errors/errors.js';
import { fieldGroups } from '../../person/field-groups.js';
import type { NationalId } from '../../person/national-id.js';
import type { BodyForwarder, ForwardedRequest } from '../../registry/body-forwarder.js';
import type { ForwardedMessages, SentMessage } from '../../registry/forwarded-messages.js';
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
  /** There where it changes the register of help numbers. The id is what a repetition is known by. */
  readonly changes?: { readonly messageId: (body: XmlElement) => string | undefined };
}

/** The old register, for a service whose requests it may answer. */
export interface OldRegister {
  /** Undefined where there is none any more. */
  readonly forwarder: BodyForwarder | undefined;
  /** Counts a request that could go there, whoever answers it. */
  readonly noteUse: (caller: Caller) => void;
  /** What was let through to change it. */
  readonly messages: ForwardedMessages;
}

/** What the adapter's own register of help numbers has served, whichever route its clients are on now. */
export interface OwnRegister {
  /** Whether it changed something for the message. */
  hasServed(message: SentMessage): boolean;
  /** Whether it gave the number out. */
  isAllotted(number: NationalId): boolean;
}

/** Both, for a service whose requests either may answer. */
export interface BothRegisters {
  readonly old: OldRegister;
  readonly own: OwnRegister;
}

/** The operations of a service that are let through, by name. */
export type ForwardedOperations = ReadonlyMap<string, ForwardedOperation>;

/**
 * A service whose operations go to the old register as they came, and its answers back, while that is the one that answers
 * the client. Everything else is served as before.
 */
export function withPassThrough(
  service: SoapService,
  registers: BothRegisters,
  forwarded: ForwardedOperations,
): SoapService {
  const { protocol } = service;
  if (protocol !== 'hl7v3' && protocol !== 'preg-xml') throw new TypeError('PREG has no such SOAP service');
  return {
    ...service,
    operations: service.operations.map((operation) => {
      const known = forwarded.get(operation.name);
      return known === undefined ? operation : letThrough(operation, known, registers, protocol);
    }),
  };
}

function letThrough(
  operation: SoapOperation,
  known: ForwardedOperation,
  { old: { forwarder, noteUse, messages }, own }: BothRegisters,
  service: ForwardedRequest['service'],
): SoapOperation {
  return {
    ...operation,
    handle: async (body, call) => {
      if (known.isForwarded?.(body) === false) return operation.handle(body, call);
      noteUse(call.caller);
      if (forwarder === undefined) return operation.handle(body, call);
      const change = changeIn(known, body, call);
      if (!goesThere({ known, forwarder, own, messages }, change, body, call))
        return operation.handle(body, call);
      const request = { service, operation: operation.name, body: call.bodyText() };
      const remember = (): void => {
        if (change !== undefined) messages.remember(change);
      };
      return forwardedAnswer(request, body, call, { known, forwarder, remember });
    },
  };
}

/** What a message that changes something is known by; undefined for one that nobody can know again. */
function changeIn(
  { changes }: ForwardedOperation,
  body: XmlElement,
  { caller: { clientId } }: SoapCall,
): SentMessage | undefined {
  const messageId = changes?.messageId(body);
  return messageId === undefined ? undefined : { clientId, messageId };
}

interface Choice extends Pick<Way, 'known' | 'forwarder'> {
  readonly own: OwnRegister;
  readonly messages: ForwardedMessages;
}

/**
 * A message goes again where it went first, so that nobody gets a second number for a person after the route has changed
 * (Safety S8), and what is about a number that was given out here stays here. Only the rest follows the route.
 */
function goesThere(
  { known, forwarder, own, messages }: Choice,
  change: SentMessage | undefined,
  body: XmlElement,
  { caller }: SoapCall,
): boolean {
  if (change !== undefined && own.hasServed(change)) return false;
  if (change !== undefined && messages.isKnown(change)) return true;
  const isOurs = known.changes !== undefined && known.subjects(body).some((number) => own.isAllotted(number));
  return !isOurs && forwarder.isForwarded(caller);
}

interface Way {
  readonly known: ForwardedOperation;
  readonly forwarder: BodyForwarder;
  /** Takes note of the request before it leaves: what came of one that was never answered is not known. */
  readonly remember: () => void;
}

/** @throws NotAuthorised for a client that may not see everything: nothing can be taken out of an answer that is not read */
async function forwardedAnswer(
  request: ForwardedRequest,
  body: XmlElement,
  call: SoapCall,
  { known, forwarder, remember }: Way,
): Promise<SoapAnswer> {
  const asked = known.subjects(body);
  const detail = { requester: known.requester?.(body) };
  call.describe(asked, detail);
  if (known.tellsPeople && call.client.access === 'restricted') {
    throw new NotAuthorised('an answer that is passed on unread tells what the restricted view lacks');
  }
  if (known.tellsPeople && !fieldGroups.every((group) => call.client.visible.has(group))) {
    throw new NotAuthorised('the profile hides fields of an answer that is passed on unread');
  }
  remember();
  const reply = await forwarder.forward(request, call.caller);
  call.describe([...new Set([...asked, ...known.subjects(reply.body)])], detail);
  return { body: new WrittenXml(reply.text), outcome: 'done' };
}
