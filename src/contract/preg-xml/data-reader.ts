import { MalformedRequest } from '../../errors/errors.js';
import type { XmlElement } from '../../xml/element.js';
import { collapsedText, hasStrayText, isNamed, plainText } from '../../xml/element-reading.js';
import { parseNorwegianTime } from './norwegian-time.js';
import { isPrimitive, type ListType, type Member, type PrimitiveType, type RecordType } from './contract.js';
import { schemaInstanceNamespace } from './data-writer.js';
import { isInt } from './primitive-text.js';
import { ReadRecord, type ReadValue } from './read-record.js';

/**
 * Reads an element by its type: an operation's `request` or `reply`, or any record of the contract. As with .NET's
 * DataContractSerializer, members go by name and namespace, any of them may be missing, and unknown ones are skipped
 * with all that is in them; members that only a later version has count as absent. The record tells whether any were skipped.
 *
 * Two things differ. Members are read in whatever order they come: .NET skips those that come too late, and so would answer
 * another question than the one that was asked. A member that comes twice is refused instead of half read.
 * @param emptyIs how an element without text is read whose type has no empty value: as something else than a value, or as nil
 * @throws MalformedRequest when a value is not of its type; the message names the member, never the value
 */
export function readData(element: XmlElement, type: RecordType, emptyIs: EmptyIs = 'no-value'): ReadRecord {
  if (hasStrayText(element)) throw new MalformedRequest(`text between the members of ${type.name}`);
  const values = new Map<string, ReadValue>(type.laterMembers.map((name) => [name, null]));
  const there = new Set<string>();
  for (const member of type.members) {
    const [found, another] = element.children.filter((child) => isNamed(child, type.namespace, member.name));
    if (another !== undefined) throw new MalformedRequest(`${type.name} has more than one ${member.name}`);
    values.set(member.name, found === undefined ? null : readMember(found, member, emptyIs));
    if (found !== undefined) there.add(member.name);
  }
  return new ReadRecord(values, !element.children.every((child) => isMember(child, type)), there);
}

export type EmptyIs = 'no-value' | 'nil';

function isMember(element: XmlElement, { namespace, members }: RecordType): boolean {
  return members.some(({ name }) => isNamed(element, namespace, name));
}

/** Nil wins over any content beside it, as it does in .NET. */
function readMember(element: XmlElement, member: Member, emptyIs: EmptyIs): ReadValue {
  if (isNil(element, member)) return null;
  const { type } = member;
  if (isPrimitive(type)) {
    if (emptyIs === 'nil' && type !== 'string' && collapsedText(element) === '') return null;
    const value = readPrimitive(element, type);
    if (value === undefined) throw new MalformedRequest(`${member.name} is not a value of ${type}`);
    return value;
  }
  return type.kind === 'list' ? readList(element, type, emptyIs) : readData(element, type, emptyIs);
}

function readList(
  element: XmlElement,
  { name, namespace, item }: ListType,
  emptyIs: EmptyIs,
): readonly ReadValue[] {
  if (hasStrayText(element)) throw new MalformedRequest(`text between the items of ${name}`);
  return element.children
    .filter((child) => isNamed(child, namespace, item.name))
    .map((child) => readMember(child, item, emptyIs));
}

function isNil(element: XmlElement, member: Member): boolean {
  const nil = element.attributes.get(`{${schemaInstanceNamespace}}nil`);
  const value = nil === undefined ? false : booleanIn(nil.trim());
  if (value === undefined) throw new MalformedRequest(`nil of ${member.name} is neither true nor false`);
  return value;
}

function readPrimitive(element: XmlElement, type: PrimitiveType): ReadValue | undefined {
  // A text keeps its white space: what it means is for whoever asked for it.
  if (type === 'string') return plainText(element);
  const text = collapsedText(element);
  if (text === undefined) return undefined;
  switch (type) {
    case 'boolean':
      return booleanIn(text);
    case 'int':
      return intIn(text);
    case 'decimal':
      return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : undefined;
    case 'dateTime':
      return parseNorwegianTime(text);
  }
}

function booleanIn(text: string): boolean | undefined {
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}

function intIn(text: string): number | undefined {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return isInt(value) ? value + 0 : undefined;
}
