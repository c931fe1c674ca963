import { hl7Namespace } from '../../../contract/hl7v3/code-systems.js';
import { isCalendarDate, type CalendarDate } from '../../../person/calendar-date.js';
import type { XmlElement } from '../../../xml/element.js';

/** Reading what PREG sends: elements by name, whatever else stands beside them, and blanks as nothing. */

const NIL = '{http://www.w3.org/2001/XMLSchema-instance}nil';

/** The children of that name that are not nil. */
export function all(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return (element?.children ?? []).filter(
    (child) => child.namespace === hl7Namespace && child.localName === name && !isNil(child),
  );
}

/** The first element at the end of a path of names. */
export function first(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((here, name) => all(here, name)[0], element);
}

/** An attribute without the blanks around it; undefined when it says nothing. */
export function attribute(element: XmlElement | undefined, name: string): string | undefined {
  const value = element?.attributes.get(name)?.trim() ?? '';
  return value === '' ? undefined : value;
}

/** The words of an element's text with one blank between them; undefined when there are none. */
export function words(element: XmlElement | undefined): string | undefined {
  const text = element?.text.split(/\s+/u).join(' ').trim() ?? '';
  return text === '' ? undefined : text;
}

/** The codes of an attribute that may have several, such as `use`. */
export function codes(element: XmlElement, name: string): readonly string[] {
  return attribute(element, name)?.split(/\s+/) ?? [];
}

/** The day of a timestamp's value; null where the day is not known. */
export function day(element: XmlElement | undefined): CalendarDate | null {
  const [, year = '', month = '', date = ''] =
    /^(\d{4})(\d{2})(\d{2})/.exec(attribute(element, 'value') ?? '') ?? [];
  const told = `${year}-${month}-${date}`;
  return isCalendarDate(told) ? told : null;
}

function isNil(element: XmlElement): boolean {
  return ['true', '1'].includes(element.attributes.get(NIL)?.trim() ?? '');
}
