import type { XmlElement } from '../../xml/element.js';
import { isNil } from './element-content.js';
import { parameterProblems, RefusedParameter } from './refused-parameter.js';
import { hl7Namespace } from '../../contract/hl7v3/code-systems.js';

/** What every class begins with (preg-hl7v3 2.2): it tells of the message, not of whom is sought. */
const structural = new Set(['realmCode', 'typeId', 'templateId']);

/** Attributes of the data types that say how something is written, never whom is sought. */
const silent = new Set([
  ...['nullFlavor', 'partType', 'isNotOrdered', 'assigningAuthorityName', 'displayable'],
  ...['codeSystemName', 'codeSystemVersion', 'representation', 'mediaType', 'language', 'compression'],
  ...['integrityCheck', 'integrityCheckAlgorithm'],
]);

/** Attributes that say something of what they stand beside, and nothing alone. */
const accompanying = new Set(['use', 'qualifier', 'inclusive', 'operator', 'unit', 'codeSystem']);

/** What a type of value may hold; whatever else holds content is refused. */
export interface Expected {
  readonly attributes?: readonly string[];
  readonly children?: readonly string[];
  readonly text?: boolean;
}

/** Whether an element says anything that could matter to a search: nil, blanks and accompanying attributes do not. */
export function hasContent(element: XmlElement): boolean {
  return !isNil(element) && holdsContent(element);
}

function holdsContent(element: XmlElement): boolean {
  return (
    isGiven(element.text) ||
    attributesOf(element).some((name) => !silent.has(name) && !accompanying.has(name)) ||
    element.children.some(hasContent)
  );
}

/**
 * Sees to it that nothing in an element is overlooked (Safety S3).
 * @throws RefusedParameter for content of which nobody said that it is expected
 */
export function requireExpected(
  element: XmlElement,
  { attributes = [], children = [], text = false }: Expected,
  parameter: string,
): void {
  if (!text && isGiven(element.text)) throw new RefusedParameter(parameter, parameterProblems.strayText);
  const isStray =
    attributesOf(element).some((name) => !silent.has(name) && !attributes.includes(name)) ||
    element.children.some((child) => !isExpectedChild(child, children) && hasContent(child));
  if (isStray) throw new RefusedParameter(parameter, parameterProblems.partNotKnown);
}

/**
 * As {@link requireExpected} of an element that holds nothing but others: each has to be one of its members, content or
 * not, since nobody knows what one that the schema lacks would ask for. One that is nil may not say something all the same.
 * @throws RefusedParameter
 */
export function requireMembers(element: XmlElement, members: readonly string[], parameter: string): void {
  requireExpected(element, { children: members }, parameter);
  if (!element.children.every((child) => isExpectedChild(child, members))) {
    throw new RefusedParameter(parameter, parameterProblems.partNotKnown);
  }
  const contradiction = element.children.find(contradictsNil);
  if (contradiction !== undefined) {
    throw new RefusedParameter(contradiction.localName, parameterProblems.contentOfNil);
  }
}

/** Whether something in an element is said to be nil and has content. */
function contradictsNil(element: XmlElement): boolean {
  return (isNil(element) && holdsContent(element)) || element.children.some(contradictsNil);
}

/** The values given for a parameter. semanticsText tells people what the parameter means, and is not heeded. */
export function valuesOf(parameter: XmlElement): readonly XmlElement[] {
  if (isNil(parameter)) return [];
  requireExpected(parameter, { children: ['value', 'semanticsText'] }, parameter.localName);
  return parameter.children.filter(
    (child) => isExpectedChild(child, ['value']) && !structural.has(child.localName) && hasContent(child),
  );
}

/**
 * The one value that a parameter has. The same value twice counts once.
 * @throws RefusedParameter for two that differ: whichever were taken, the other would be ignored
 */
export function onlyValue<Value>(
  parameter: string,
  values: readonly (Value | undefined)[],
): Value | undefined {
  const [first, ...others] = values.filter((value) => value !== undefined);
  const text = JSON.stringify(first);
  if (others.some((other) => JSON.stringify(other) !== text)) {
    throw new RefusedParameter(parameter, parameterProblems.differentValues);
  }
  return first;
}

/** The words of an element's text with one blank between them; undefined when there are none. */
export function wordsIn(element: XmlElement): string | undefined {
  const text = element.text.split(/\s+/u).join(' ').trim();
  return isNil(element) || text === '' ? undefined : text;
}

/** An attribute without the blanks around it; undefined when it says nothing. */
export function attributeIn(element: XmlElement | undefined, name: string): string | undefined {
  const value = element?.attributes.get(name)?.trim() ?? '';
  return value === '' ? undefined : value;
}

/** Delimiters are punctuation; one with letters or digits would be a part of what is sought. */
export function isPunctuation(delimiter: XmlElement): boolean {
  return delimiter.children.length === 0 && !/[\p{L}\p{N}]/u.test(delimiter.text);
}

function isExpectedChild({ namespace, localName }: XmlElement, names: readonly string[]): boolean {
  return namespace === hl7Namespace && (structural.has(localName) || names.includes(localName));
}

/** Names of the attributes that hold something; those of other namespaces belong to XML Schema or to nobody here. */
function attributesOf({ attributes }: XmlElement): readonly string[] {
  return [...attributes].flatMap(([name, value]) => (!name.startsWith('{') && isGiven(value) ? [name] : []));
}

function isGiven(text: string): boolean {
  return text.trim() !== '';
}
