import type { XmlNode } from '../../../xml/element.js';
import { wrapperNamespace, type Hl7v3Operation } from '../../../contract/hl7v3/operations.js';
import { hl7Namespace } from '../../../contract/hl7v3/code-systems.js';
import type { TypedStructure } from './typed-value.js';
import type { TypedWriter } from './typed-writer.js';

/**
 * The child of a reply's SOAP body: the operation's two wrappers with the message inside. The wrappers have prefix `t`,
 * the message is in the default namespace.
 * @throws TypedWriteError when the message is not one of the operation's reply type
 */
export function replyBody(writer: TypedWriter, operation: Hl7v3Operation, message: TypedStructure): XmlNode {
  return {
    name: `t:${operation.name}Response`,
    attributes: { 'xmlns:t': wrapperNamespace, xmlns: hl7Namespace },
    content: [writer.write(`t:${operation.name}Result`, operation.replyType, message)],
  };
}
