import type { CalendarDate } from '../../../person/calendar-date.js';
import type { PregPerson } from '../../../person/preg-person.js';
import type { Hl7v2Codes } from '../codes.js';
import type { Hl7Repetition } from '../message/message.js';
import { repetition } from '../message/segment.js';
import { hl7Day } from './hl7-day.js';

/** One of the numbers that a person is told by, and whose numbers they are. */
export interface PersonIdentifier {
  /** OID of the domain. */
  readonly domain: string;
  readonly value: Hl7Repetition;
}

/** A number as CX, `id^^^&OID&ISO^type`; undefined for what is no number that may be looked up. */
export function identifier(
  id: string,
  codes: Hl7v2Codes,
  expiry: CalendarDate | null = null,
): PersonIdentifier | undefined {
  const kind = codes.kindOf(id);
  if (kind === undefined) return undefined;
  const { domain, type } = kind;
  const isoDomain = [undefined, domain, 'ISO'];
  const value = repetition(id, undefined, undefined, isoDomain, type, undefined, undefined, hl7Day(expiry));
  return { domain, value };
}

/**
 * The numbers of a person (PID-3): the one in use first, then others in use, then those that gave way, each with the day
 * of it where it is known.
 */
export function identifiersOf(person: PregPerson, codes: Hl7v2Codes): readonly PersonIdentifier[] {
  const { nin, alternativeNINs, dufNo, supersededNINs, datesSuperseded } = person;
  const inUse = [nin, ...alternativeNINs, ...(dufNo === null ? [] : [dufNo])];
  return [
    ...inUse.flatMap((id) => identifier(id, codes) ?? []),
    ...person.foreignIds.map(({ root, extension }) => ({
      domain: root,
      value: repetition(extension, undefined, undefined, [undefined, root, 'ISO']),
    })),
    ...supersededNINs.flatMap((id, index) => identifier(id, codes, datesSuperseded[index]) ?? []),
  ];
}
