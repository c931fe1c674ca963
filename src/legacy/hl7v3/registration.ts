import { isNationalId, type NationalId } from '../../person/national-id.js';
import type { Change } from '../../registry/help-number-register.js';
import type { XmlElement } from '../../xml/element.js';
import { isNil, saysSomething } from './element-content.js';
import type { AcceptedMessage, MessageAnswer } from './message.js';
import { registrationControlAct, type AcknowledgementDetail } from './reply.js';
import { at, childrenOf, type InstanceIdentifier } from './request.js';

const MISSING_SUBJECT = { code: 'SYN105', text: 'The message holds no identified person.' };
const SEVERAL_SUBJECTS = { code: 'SYN108', text: 'The message holds more than one subject.' };
const UNKNOWN_STATUS = { code: 'SYN106', text: 'The element statusCode is not active.' };

/** What a request for a change is about, or why it cannot be told. */
export type Registration =
  { readonly role: XmlElement } | { readonly refused: readonly AcknowledgementDetail[] };

/**
 * The role, the outer `identifiedPerson`, of a request for a change (preg-hl7v3 2.5). A status that would end a record
 * is not passed over: nothing here ends one.
 * @throws MalformedRequest for a second element where one may stand
 */
export function registrationIn(message: XmlElement): Registration {
  const subjects = childrenOf(at(message, 'controlActProcess'), 'subject');
  if (subjects.length > 1) return { refused: [SEVERAL_SUBJECTS] };
  const request = at(subjects[0], 'registrationRequest');
  const role = at(request, 'subject1', 'identifiedPerson');
  if (role === undefined || isNil(role)) return { refused: [MISSING_SUBJECT] };
  const states = [at(request, 'statusCode'), at(role, 'statusCode')];
  const isOther = states.some((state) => {
    const code = state?.attributes.get('code')?.trim() ?? '';
    return code !== '' && code !== 'active';
  });
  return isOther ? { refused: [UNKNOWN_STATUS] } : { role };
}

/** The one number in a list of identifiers. `what` begins a sentence: `The number of the person`. */
export function oneNumber(
  ids: readonly XmlElement[],
  what: string,
): { readonly number: NationalId } | { readonly refused: readonly AcknowledgementDetail[] } {
  const texts = ids.filter(saysSomething).map((id) => id.attributes.get('extension') ?? '');
  const [number, ...others] = [...new Set(texts)];
  if (number === undefined || number === '') {
    return { refused: [{ code: 'SYN105', text: `${what} is missing.` }] };
  }
  if (others.length > 0) return { refused: [{ code: 'SYN108', text: `${what} is not one number.` }] };
  // The root is not believed: the digits tell the kind (preg-hl7v3 5.2).
  return isNationalId(number) ? { number } : { refused: [{ code: 'SYN102', text: `${what} is malformed.` }] };
}

/** A request that cannot be read as one for a change: `AE` with what is wrong. */
export function unreadable(details: readonly AcknowledgementDetail[]): MessageAnswer {
  return {
    acknowledgement: { typeCode: 'AE', details },
    controlAct: registrationControlAct(),
    outcome: 'invalid-query',
  };
}

/** On whose behalf an accepted message changes something. */
export function changeFor({ call, wrapper, requester }: AcceptedMessage): Change {
  return { caller: call.caller, messageId: messageIdIn(wrapper.id), requester };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A root alone tells messages apart when it is a UUID; another one is the same for every message of its sender. The
 * letters of a UUID are the same ones in either case (RFC 9562, 4), so a repetition in the other is known.
 */
export function messageIdIn(id: InstanceIdentifier | undefined): string | undefined {
  const told = id?.root ?? '';
  const root = uuid.test(told) ? told.toLowerCase() : told;
  if (id?.extension !== undefined) return `${root}^${id.extension}`;
  return uuid.test(root) ? `${root}^` : undefined;
}
