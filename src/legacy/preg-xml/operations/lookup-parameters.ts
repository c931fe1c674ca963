import type { CalendarDate } from '../../../person/calendar-date.js';
import type { NationalId } from '../../../person/national-id.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import type { MalformedNumber } from './answer-settings.js';
import { askedNumber } from './asked-numbers.js';

/** What `LookupParameters` ask for (contract 1.4). */
export interface LookupSought {
  readonly id: NationalId;
  /** Undefined for today. */
  readonly on: CalendarDate | undefined;
}

/**
 * Reads the one member `parameters` of a request. Undefined when there is no number in it.
 * @throws InvalidQuery for a number that is none, where that is wanted
 */
export function lookupSought(request: ReadRecord, malformed: MalformedNumber): LookupSought | undefined {
  const parameters = request.record('parameters');
  const id = askedNumber(parameters?.text('NIN') ?? null, 'NIN', malformed);
  return id === undefined ? undefined : { id, on: parameters?.time('Date')?.day };
}
