import { writeXml } from './writer.js';

/**
 * Markup for writers that make many elements of a few names in one pass: tags and attribute names are made by the
 * builder once, and reused as text. What goes in between has to be escaped by the writer.
 */

/** What stands around the attributes and the content of an element with a certain name. */
export interface ElementMarkup {
  /** `<name` */
  readonly start: string;
  /** `</name>` */
  readonly end: string;
}

/** Stands for a value; no name can hold it. */
const VALUE = '{}';

/** @throws TypeError when the name is not a qualified name in ASCII, which is a mistake of the author. */
export function elementMarkup(name: string): ElementMarkup {
  const [start = '', end = ''] = writeXml({ name, content: [VALUE] }).split(`>${VALUE}`);
  return { start, end };
}

/**
 * What stands in front of an attribute's value, ` name="`; behind it stands a quotation mark.
 * @throws TypeError when the name is not a qualified name in ASCII, which is a mistake of the author.
 */
export function attributeMarkup(name: string): string {
  const [start = ''] = attributesMarkup({ [name]: VALUE }).split(VALUE);
  return start;
}

/** Attributes with their values, a blank in front of each. @throws TypeError as above */
export function attributesMarkup(attributes: Readonly<Record<string, string>>): string {
  return writeXml({ name: 'e', attributes }).slice('<e'.length, -'/>'.length);
}

/** The element, without an end tag when there is nothing in it. Attributes and content are markup already. */
export function markedUp({ start, end }: ElementMarkup, attributes: string, content: string): string {
  return content === '' ? `${start}${attributes}/>` : `${start}${attributes}>${content}${end}`;
}
