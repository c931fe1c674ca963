import { MalformedRequest } from '../../errors/errors.js';
import type { XmlElement } from '../../xml/element.js';
import { hl7Namespace } from '../../contract/hl7v3/code-systems.js';

/** An instance identifier (II) as it was sent: text, never interpreted here. What is blank counts as absent. */
export interface InstanceIdentifier {
  readonly root: string | undefined;
  readonly extension: string | undefined;
}

/** The transmission wrapper of a request (preg-hl7v3 2.3), as far as the reply and its checks need it. */
export interface TransmissionWrapper {
  readonly id: InstanceIdentifier | undefined;
  readonly versionCode: string | undefined;
  readonly interaction: string | undefined;
  readonly processingCode: string | undefined;
  /** Ids of the sender's device, who is the receiver of the reply. */
  readonly senderDevice: readonly InstanceIdentifier[];
  /** Who asks, where the message tells: the first authorOrPerformer's id. */
  readonly requester: InstanceIdentifier | undefined;
}

/** The children with that name in the HL7 namespace. */
export function childrenOf(element: XmlElement | undefined, localName: string): readonly XmlElement[] {
  return (element?.children ?? []).filter(
    (child) => child.namespace === hl7Namespace && child.localName === localName,
  );
}

/**
 * The element at the end of a path of names in the HL7 namespace, each of which may stand once.
 * @throws MalformedRequest for a second one: whoever reads the other of the two reads another question.
 */
export function at(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((here, name) => {
    const [child, ...more] = childrenOf(here, name);
    if (more.length > 0) throw new MalformedRequest(`more than one ${name}`);
    return child;
  }, element);
}

/** The identifier in an element of type II; undefined when there is neither root nor extension. */
export function identifierIn(element: XmlElement | undefined): InstanceIdentifier | undefined {
  const root = givenAttribute(element, 'root');
  const extension = givenAttribute(element, 'extension');
  return root === undefined && extension === undefined ? undefined : { root, extension };
}

/** An attribute's value; a blank one says nothing, and may never be given back (preg-hl7v3 2.2). */
function givenAttribute(element: XmlElement | undefined, name: string): string | undefined {
  const value = element?.attributes.get(name);
  return value === undefined || value.trim() === '' ? undefined : value;
}

/** Codes are tokens, whose surrounding white space is none of their own (XML Schema part 2, 3.3.2). */
function codeAt(message: XmlElement, name: string): string | undefined {
  return givenAttribute(at(message, name), 'code')?.trim();
}

/**
 * The message inside of the two wrappers of a request's body (preg-hl7v3 2.1). Requests are read by name, not validated:
 * what the known clients send is not schema-valid (2.2).
 * @throws MalformedRequest when the inner wrapper is missing or stands twice.
 */
export function messageIn(
  body: XmlElement,
  wrapper: { readonly namespace: string; readonly localName: string },
): XmlElement {
  const [message, ...more] = body.children.filter(
    (child) => child.namespace === wrapper.namespace && child.localName === wrapper.localName,
  );
  if (message === undefined || more.length > 0) {
    throw new MalformedRequest(
      `the body holds ${message === undefined ? 'no' : 'more than one'} ${wrapper.localName}`,
    );
  }
  return message;
}

/** Reads the transmission wrapper. */
export function readTransmissionWrapper(message: XmlElement): TransmissionWrapper {
  const device = at(message, 'sender', 'device');
  const [author] = childrenOf(at(message, 'controlActProcess'), 'authorOrPerformer');
  const performer = at(author, 'assignedPerson') ?? at(author, 'assignedDevice');
  return {
    id: identifierIn(at(message, 'id')),
    versionCode: codeAt(message, 'versionCode'),
    interaction: givenAttribute(at(message, 'interactionId'), 'extension'),
    processingCode: codeAt(message, 'processingCode'),
    senderDevice: childrenOf(device, 'id').flatMap((id) => identifierIn(id) ?? []),
    requester: identifierIn(childrenOf(performer, 'id')[0]),
  };
}
