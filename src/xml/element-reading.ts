import type { XmlElement } from './element.js';

/** Whether the element has this name. */
export function isNamed(element: XmlElement, namespace: string, localName: string): boolean {
  return element.localName === localName && element.namespace === namespace;
}

/** Whether an element that holds only elements has other text than white space as well. */
export function hasStrayText(element: XmlElement): boolean {
  return /[^ \t\r\n]/.test(element.text);
}

/** The text of an element that holds nothing but text, undefined when there are elements inside. */
export function plainText(element: XmlElement): string | undefined {
  return element.children.length === 0 ? element.text : undefined;
}

/** The same without white space around it, as XML Schema reads addresses, dates and flags. */
export function collapsedText(element: XmlElement): string | undefined {
  return plainText(element)?.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}
