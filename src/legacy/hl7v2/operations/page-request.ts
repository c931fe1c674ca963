import { componentOf, repetitionsOf, type Hl7Message, type Hl7Segment } from '../message/message.js';
import { fieldAt, refused } from './query-refusals.js';
import { isFilled, onlySegment } from './query-segments.js';

/** The most people that are told at once, whatever is asked for. */
const LARGEST_PAGE = 100;

/** How many people are wanted, and from where on. */
export interface PageRequest {
  readonly size: number;
  /** DSC-1: where an earlier answer ended; undefined for a new query. */
  readonly pointer: string | undefined;
}

/**
 * Reads a quantity, `n^RD`.
 * @throws RefusedMessage for what is none, and for one in another unit than records
 */
export function pageSize(segment: Hl7Segment | undefined, field: number, usual: number): number {
  if (segment === undefined || !isFilled(repetitionsOf(segment, field))) return usual;
  const place = `${segment.name}-${field}`;
  const unit = componentOf(segment, field, 2).trim().toUpperCase();
  if (unit !== '' && unit !== 'RD') {
    throw refused('103', fieldAt(segment.name, field, 1, 2), `${place} counts in another unit than RD.`);
  }
  const quantity = componentOf(segment, field).trim();
  if (!/^\+?0*[1-9][0-9]*$/.test(quantity)) {
    throw refused('102', fieldAt(segment.name, field, 1, 1), `${place} is not a whole number from 1.`);
  }
  return Math.min(Number(quantity), LARGEST_PAGE);
}

/** The pointer in DSC. @throws RefusedMessage for the pointer of a message that was cut in pieces (DSC-2 `F`) */
export function pointerIn(request: Hl7Message): string | undefined {
  const continuation = onlySegment(request, 'DSC');
  const style = componentOf(continuation, 2).trim().toUpperCase();
  if (style !== '' && style !== 'I') {
    throw refused('103', fieldAt('DSC', 2), 'DSC-2 is a kind of continuation that is not offered.');
  }
  const pointer = componentOf(continuation, 1).trim();
  return pointer === '' ? undefined : pointer;
}

/** Codes of a field that ask for what is done anyway. */
export type HarmlessCodes = Readonly<Record<number, readonly string[]>>;

/**
 * Sees to it that a segment asks for no answer of another kind than there is (Safety S3).
 * @throws RefusedMessage for any other code in one of the fields
 */
export function requireHarmless(segment: Hl7Segment | undefined, fields: HarmlessCodes): void {
  if (segment === undefined) return;
  for (const [number, codes] of Object.entries(fields)) {
    const field = Number(number);
    const given = repetitionsOf(segment, field);
    for (const [index] of given.entries()) {
      const text = given[index]?.[0]?.[0]?.trim().toUpperCase() ?? '';
      if (!isFilled([given[index] ?? []]) || codes.includes(text)) continue;
      const location = fieldAt(segment.name, field, given.length > 1 ? index + 1 : undefined);
      throw refused('103', location, `${segment.name}-${field} asks for what is not offered.`);
    }
  }
}
