import type { XmlElement } from '../../xml/element.js';
import type { Findings } from './findings.js';
import { hl7Namespace } from '../../contract/hl7v3/code-systems.js';

const nilAttribute = '{http://www.w3.org/2001/XMLSchema-instance}nil';

/** The attributes by which HL7's data types say something; the others are structure. */
const speaking = ['value', 'code', 'root', 'extension', 'displayName'];

/** Longer text is no name, line or number. */
const MAX_TEXT = 200;

/** Whether an element is said to have no content. .NET sends required elements so that a program did not set. */
export function isNil(element: XmlElement): boolean {
  return ['true', '1'].includes(element.attributes.get(nilAttribute)?.trim() ?? '');
}

/** Whether an element tells anything: a value beside a nullFlavor counts (preg-hl7v3 sample 13), nil and structure do not. */
export function saysSomething(element: XmlElement): boolean {
  if (isNil(element)) return false;
  return (
    element.text.trim() !== '' ||
    speaking.some((name) => isGiven(element.attributes.get(name))) ||
    element.children.some(saysSomething)
  );
}

/** An attribute without the blanks around it; undefined when it says nothing. */
export function attributeOf(
  element: XmlElement | undefined,
  name: string,
  findings: Findings,
): string | undefined {
  if (element === undefined || isNil(element)) return undefined;
  const value = element.attributes.get(name);
  return isGiven(value) ? limited(value.trim(), element.localName, findings) : undefined;
}

/** The words of an element's text, separated by one blank; undefined when there are none. */
export function textOf(element: XmlElement, findings: Findings): string | undefined {
  if (isNil(element)) return undefined;
  const text = element.text.split(/\s+/u).join(' ').trim();
  return text === '' ? undefined : limited(text, element.localName, findings);
}

/** The codes in an attribute that lists them, such as `use`. */
export function codesIn(element: XmlElement, name: string): readonly string[] {
  return (element.attributes.get(name) ?? '').split(/\s+/u).filter((code) => code !== '');
}

/** Says of each child that tells something and is not in `kept` that it is not kept. `known` are the other names of the type. */
export function tellNotKept(
  element: XmlElement,
  kept: ReadonlySet<string>,
  known: ReadonlySet<string>,
  findings: Findings,
): void {
  for (const child of element.children) {
    const isOurs = child.namespace === hl7Namespace;
    if ((isOurs && (kept.has(child.localName) || structural.has(child.localName))) || !saysSomething(child))
      continue;
    // A name that is not known here may be anything, so it is not repeated.
    findings.notKept(
      isOurs && known.has(child.localName)
        ? `The element ${child.localName} in ${element.localName}`
        : `An element of ${element.localName} that is not known here`,
    );
  }
}

/** What every class begins with (preg-hl7v3 2.2); it tells of the message, not of the person. */
const structural = new Set(['realmCode', 'typeId', 'templateId']);

function limited(text: string, name: string, findings: Findings): string {
  if (text.length > MAX_TEXT) {
    findings.refuse('SYN102', `The element ${name} is longer than ${String(MAX_TEXT)} characters.`);
  }
  return text;
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
