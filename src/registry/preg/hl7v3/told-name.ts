import type { CalendarDate } from '../../../person/calendar-date.js';
import type { XmlElement } from '../../../xml/element.js';
import { codes, day, first, words } from './hl7-element.js';

/** A name in the register's three parts, and since when it holds. */
export interface ToldName {
  readonly givenName: string | null;
  readonly middleName: string | null;
  readonly sn: string | null;
  readonly dateName: CalendarDate | null;
}

/** The name in use among those told (preg-hl7v3 3.3): the legal one, else one of no use, else any but a former one. */
export function toldName(names: readonly XmlElement[]): ToldName {
  const name =
    names.find((one) => codes(one, 'use').includes('L')) ??
    names.find((one) => codes(one, 'use').length === 0) ??
    names.find((one) => !codes(one, 'use').includes('OLD'));
  return {
    givenName: partsOf(name, (part) => part.localName === 'given' && !isMiddle(part)),
    middleName: partsOf(name, isMiddle),
    sn: partsOf(name, (part) => part.localName === 'family' && !isMiddle(part)),
    dateName: day(first(name, 'validTime', 'low')),
  };
}

/** The middle name is a part with a qualifier, as a rule a family part. */
function isMiddle(part: XmlElement): boolean {
  return ['given', 'family'].includes(part.localName) && codes(part, 'qualifier').includes('MID');
}

function partsOf(name: XmlElement | undefined, is: (part: XmlElement) => boolean): string | null {
  const told = (name?.children ?? []).filter(is).map(words);
  return told.filter((text) => text !== undefined).join(' ') || null;
}
