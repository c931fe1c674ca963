import type { CalendarDate } from '../person/calendar-date.js';
import type { Lineage } from '../person/lineage.js';
import type { NationalId } from '../person/national-id.js';
import type { PregPerson } from '../person/preg-person.js';
import { isProtected } from '../person/protection.js';
import { documentOn } from './document-on-day.js';
import { DocumentPlaces } from './document-places.js';
import { FieldValues } from './field-values.js';
import type { Fill } from './information-parts.js';
import { textOf, type JsonObject } from './json.js';
import { personAddresses } from './person-addresses.js';
import { personOf } from './preg-records.js';
import { ReadDocument } from './read-document.js';
import { RowEvaluation, type Mappings } from './row-evaluation.js';

export type { Mappings } from './row-evaluation.js';

/** A person in PREG's terms, and how it came to be. */
export interface MappedPerson {
  readonly person: PregPerson;
  /** By field, addresses as `addresses[0].st`. */
  readonly lineage: Lineage;
  /** Upstream enumeration members that the tables do not know, each once for the place where it stands. */
  readonly unmapped: RowEvaluation['unmapped'];
  /** Rows whose value was too long for the old field (Safety S11). */
  readonly cut: RowEvaluation['cut'];
}

/** What one translation depends on besides the document. */
export interface MappingRequest {
  /** The number that the record is about. */
  readonly nin: NationalId;
  readonly today: CalendarDate;
  readonly fill: Fill;
  /** The day whose state and addresses are told, from a document with history; today when absent or to come. */
  readonly on?: CalendarDate | undefined;
  /** Whether former addresses follow the current one, from a document with history. */
  readonly addresses?: 'current' | 'all' | undefined;
}

/**
 * Persontjenesten's Person document → PregPerson. A document of any content gives a person: what cannot be read is blank,
 * and protection that cannot be read is the strictest (Safety S1, S7). Protection is that of today on every day. Pure.
 */
export function mapPerson(document: JsonObject, mappings: Mappings, request: MappingRequest): MappedPerson {
  const { nin, today, fill } = request;
  const on = request.on !== undefined && request.on < today ? request.on : today;
  const read = new ReadDocument(document);
  const onDay = on === today ? read : new ReadDocument(documentOn(document, on, mappings.fields.timeless));
  const rows = new RowEvaluation(mappings, { nin, today, on, fill });
  const places = new DocumentPlaces(onDay);
  watch(places, rows);
  const record = rows.newRecord(mappings.fields.personRows, '');
  rows.fill(record, places);
  const withFormer = request.addresses === 'all';
  const addresses = personAddresses(rows, { document: read, onDay, withFormer });
  // When a move was taken down is nearly when it was.
  if (addresses.some(({ postalType }) => isProtected(postalType))) {
    record.put('dateRegistered', { kind: 'blank', reason: 'protected' });
  }
  return {
    person: personOf(nin, new FieldValues(record), addresses),
    lineage: rows.lineage,
    unmapped: rows.unmapped,
    cut: rows.cut,
  };
}

/** Reports members that rows pass over by choosing elements. */
function watch(places: DocumentPlaces, rows: RowEvaluation): void {
  for (const { path, codes } of rows.mappings.fields.watched) {
    for (const member of places.at(path)) {
      const text = textOf(member.value);
      if (text !== undefined && codes.find(text) === undefined) rows.reportUnmapped(path.text, member);
    }
  }
}
