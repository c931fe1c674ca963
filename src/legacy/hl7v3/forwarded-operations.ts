import { isNationalId, type NationalId } from '../../person/national-id.js';
import type { XmlElement } from '../../xml/element.js';
import type { ForwardedOperation, ForwardedOperations } from '../soap/pass-through.js';
import { messageIdIn } from './registration.js';
import { childrenOf, identifierIn } from './request.js';

/** Whose ids are those of the people whom a message is about; relatives and organisations have other holders. */
const subjectHolders: ReadonlySet<string> = new Set(['identifiedPerson', 'otherIdentifiedPerson']);

/** What changes PREG's own register of help numbers. */
export const hl7v3ForwardedOperations: ForwardedOperations = new Map<string, ForwardedOperation>([
  ['AddPerson', { tellsPeople: true, subjects, requester, changes: { messageId } }],
  ['RevisePersonRecord', { tellsPeople: true, subjects, requester, changes: { messageId } }],
  ['LinkPersonRecords', { tellsPeople: false, subjects, requester, changes: { messageId } }],
  ['UnlinkPersonRecords', { tellsPeople: false, subjects, requester, changes: { messageId } }],
]);

function subjects(body: XmlElement): readonly NationalId[] {
  return [...new Set(numbersIn(body))];
}

function numbersIn(element: XmlElement): readonly NationalId[] {
  const own = subjectHolders.has(element.localName)
    ? childrenOf(element, 'id').map((id) => id.attributes.get('extension')?.trim() ?? '')
    : [];
  return [...own.filter(isNationalId), ...element.children.flatMap(numbersIn)];
}

/** The id that a repetition is known by, where the message has one that tells it from others. */
function messageId(body: XmlElement): string | undefined {
  const [message] = body.children;
  return messageIdIn(identifierIn(childrenOf(message, 'id')[0]));
}

/** The first who asks. Nothing is refused here: whether the message is right is for PREG to say. */
function requester(body: XmlElement): string | undefined {
  const [message] = body.children;
  const [controlAct] = childrenOf(message, 'controlActProcess');
  const [author] = childrenOf(controlAct, 'authorOrPerformer');
  const [performer] = [...childrenOf(author, 'assignedPerson'), ...childrenOf(author, 'assignedDevice')];
  const id = identifierIn(childrenOf(performer, 'id')[0]);
  return id === undefined ? undefined : `${id.root ?? ''}^${id.extension ?? ''}`;
}
