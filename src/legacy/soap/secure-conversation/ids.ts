import { InvalidSecurity } from '../../../errors/errors.js';
import type { XmlElement } from '../../../xml/element.js';
import { SECURITY_UTILITY } from '../../../contract/soap/namespaces.js';

const UTILITY_ID = `{${SECURITY_UTILITY}}Id`;
/** `Id`, `ID`, `id`, in a namespace or in none, `xml:id` and `u:Id` among them. */
const ANY_ID = /^(?:\{[^}]*\})?id$/i;

/**
 * Requires that a reference to this id can mean no other element than this: it is its `u:Id`, and nothing else in the
 * message has it as an id of whatever kind. Otherwise another reader might take another element for the signed one.
 * @throws InvalidSecurity
 */
export function requireUniqueId(root: XmlElement, element: XmlElement, id: string): void {
  if (id === '' || element.attributes.get(UTILITY_ID) !== id) {
    throw new InvalidSecurity(`a reference in the signature does not mean the ${element.localName}`);
  }
  if (occurrences(root, id) !== 1) {
    throw new InvalidSecurity(`the id of the ${element.localName} is not its alone`);
  }
}

function occurrences(element: XmlElement, id: string): number {
  let count = 0;
  for (const [name, value] of element.attributes) {
    if (value.trim() === id && ANY_ID.test(name)) count += 1;
  }
  for (const child of element.children) count += occurrences(child, id);
  return count;
}
