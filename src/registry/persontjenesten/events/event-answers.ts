import { UpstreamInvalidAnswer } from '../../../errors/errors.js';
import { isJsonList, isJsonObject, memberOf, type JsonValue } from '../../../mapping/json.js';
import { isNationalId } from '../../../person/national-id.js';
import type { FeedEvent } from '../../changes/feed-event.js';

/** What a type is kept as whose name is none. */
const NAMELESS = 'Unknown';
/** The longest id that there is (persontjenesten-api 5). */
const LONGEST_ID = 64;
/** The feed can be asked for the number after it (persontjenesten-api 5: int64). */
const HIGHEST = 2n ** 63n - 2n;

/** The events of a page, as they stand there. @throws UpstreamInvalidAnswer */
export function eventsAmong(list: JsonValue | undefined): readonly FeedEvent[] {
  if (!isJsonList(list)) throw new UpstreamInvalidAnswer('the answer is not a list of events');
  return list.map(eventOf);
}

/** @throws UpstreamInvalidAnswer for anything that does not tell where in the feed it is and whom it is about */
export function eventOf(value: JsonValue | undefined): FeedEvent {
  if (!isJsonObject(value)) throw new UpstreamInvalidAnswer('an entry is not an event');
  const type = memberOf(value, 'eventType');
  const nin = memberOf(value, 'nin');
  return {
    sequence: sequenceOf(memberOf(value, 'sequenceNumber')),
    personId: personIdOf(memberOf(value, 'personId')),
    // Stored in clear, so that it has to look like the name of a type.
    type: typeof type === 'string' && /^[A-Za-z]{1,100}$/.test(type) ? type : NAMELESS,
    nin: typeof nin === 'string' && isNationalId(nin) ? nin : null,
  };
}

function sequenceOf(value: JsonValue | undefined): bigint {
  const sequence = typeof value === 'string' && /^[0-9]{1,40}$/.test(value) ? BigInt(value) : 0n;
  if (sequence < 1n || sequence > HIGHEST) {
    throw new UpstreamInvalidAnswer('the number of an event is none');
  }
  return sequence;
}

function personIdOf(value: JsonValue | undefined): string {
  // A comma would make two ids of one where several are sent.
  if (typeof value !== 'string' || !/^[^\s,]+$/.test(value) || value.length > LONGEST_ID) {
    throw new UpstreamInvalidAnswer('the person of an event has no id');
  }
  return value;
}
