import { createHash } from 'node:crypto';
import type { Acknowledgement } from '../hl7-error.js';
import type { Hl7Version } from '../message/header.js';
import { isBefore } from '../message/header.js';
import type { Hl7Field, Hl7Segment } from '../message/message.js';
import { segment, text } from '../message/segment.js';
import type { PeoplePage } from './people-asked.js';

/** What QAK repeats of the query. */
export interface QueryNamed {
  /** QPD-2 or QRD-4. */
  readonly tag: Hl7Field;
  /** QPD-1; a query of old has no name. */
  readonly name?: Hl7Field | undefined;
}

/** QAK of an answer: found or not, and how many in all, here and yet to come (Safety S4). */
export function answeredQuery({ tag, name = [] }: QueryNamed, page: PeoplePage): Hl7Segment {
  return segment('QAK', {
    1: tag,
    2: text(page.total === 0 ? 'NF' : 'OK'),
    3: name,
    4: text(String(page.total)),
    5: text(String(page.people.length)),
    6: text(String(page.remaining)),
  });
}

/** QAK of a query that is not answered. It never says that there is nobody (Safety S3). */
export function unansweredQuery(
  { tag, name = [] }: QueryNamed,
  acknowledgement: Exclude<Acknowledgement, 'AA'>,
): Hl7Segment {
  return segment('QAK', { 1: tag, 2: text(acknowledgement), 3: name });
}

/** DSC where there is more to be told. */
export function continuation({ next }: PeoplePage, version: Hl7Version): readonly Hl7Segment[] {
  if (next === undefined) return [];
  return [segment('DSC', { 1: text(next), 2: text(isBefore(version, '2.4') ? undefined : 'I') })];
}

/** The same for the same fields of a query. */
export function queryDigest(...fields: readonly Hl7Field[]): string {
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}
