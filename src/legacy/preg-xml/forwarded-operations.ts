import { isNationalId, type NationalId } from '../../person/national-id.js';
import type { XmlElement } from '../../xml/element.js';
import { plainText } from '../../xml/element-reading.js';
import type { ForwardedOperation, ForwardedOperations } from '../soap/pass-through.js';

/** Members that hold the number of somebody whom a request or a reply is about; those of relatives are others. */
const subjectMembers: ReadonlySet<string> = new Set(['NIN', 'OldNIN']);
/** The items of a list of numbers that is asked for. */
const LIST_ITEM = 'string';

/** What the adapter has no like of: intervals of PREG's own time, and constraints whose names are not public (Q12). */
export const pregXmlForwardedOperations: ForwardedOperations = new Map<string, ForwardedOperation>([
  ['GetChanges', { tellsPeople: true, subjects }],
  ['GetIdentityChanges', { tellsPeople: true, subjects }],
  // Without constraints it is a question that both registers can be asked.
  ['GetAddressesAdvanced', { tellsPeople: true, subjects, isForwarded: hasConstraints }],
]);

function hasConstraints(body: XmlElement): boolean {
  const parameters = body.children.filter(({ localName }) => localName === 'parameters');
  return parameters
    .flatMap(({ children }) => children)
    .some(({ localName, children }) => localName === 'SearchConstraints' && children.length > 0);
}

function subjects(body: XmlElement): readonly NationalId[] {
  return [...new Set(numbersIn(body))];
}

function numbersIn(element: XmlElement): readonly NationalId[] {
  return element.children.flatMap((child) => {
    const isSubject = subjectMembers.has(child.localName) || child.localName === LIST_ITEM;
    const text = isSubject ? (plainText(child)?.trim() ?? '') : '';
    return isNationalId(text) ? [text] : numbersIn(child);
  });
}
