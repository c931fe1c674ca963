import type { EventPage } from '../events/event-feed.js';
import { isEventType, type EventType } from '../events/event-types.js';
import { valuesOf } from './form.js';
import { badParameter } from './problem.js';

/** No page is longer, whatever is asked for. */
const LONGEST_PAGE = 1000;
const LARGEST_INT32 = 2_147_483_647;
const LARGEST_INT64 = 9_223_372_036_854_775_807n;

/** What a version takes; a parameter that it does not know is not looked at. */
export interface EventRules {
  readonly maxLimit: boolean;
  /** Whether `eventTypes` may hold several between commas, besides being repeated. */
  readonly typesBetweenCommas: boolean;
}

/**
 * Which events a query asks for: `sequenceNumber` (the lowest to include), `eventTypes` and `maxLimit`, all of them optional
 * (persontjenesten-api 5 and 9). Throws Problem 400.
 */
export function eventPageAsked(query: URLSearchParams, rules: EventRules): EventPage {
  const from = sequenceNumberIn(query);
  const types = eventTypesIn(query, rules);
  return {
    ...(from === undefined ? {} : { from }),
    ...(types === undefined ? {} : { types }),
    limit: rules.maxLimit ? limitIn(query) : LONGEST_PAGE,
  };
}

function onlyValue(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name);
  if (more.length > 0) throw badParameter(name, 'Only one value is possible.');
  return value;
}

function sequenceNumberIn(query: URLSearchParams): number | undefined {
  const text = onlyValue(query, 'sequenceNumber');
  if (text === undefined) return undefined;
  if (!/^[1-9][0-9]{0,18}$/.test(text) || BigInt(text) > LARGEST_INT64) {
    throw badParameter('sequenceNumber', 'A whole number of 1 or more.');
  }
  return Number(text);
}

function eventTypesIn(
  query: URLSearchParams,
  { typesBetweenCommas }: EventRules,
): ReadonlySet<EventType> | undefined {
  if (!query.has('eventTypes')) return undefined;
  const types = new Set<EventType>();
  for (const name of typesBetweenCommas ? valuesOf(query, 'eventTypes') : query.getAll('eventTypes')) {
    if (!isEventType(name)) throw badParameter('eventTypes', 'A value is not one of the known ones.');
    types.add(name);
  }
  if (types.size === 0) throw badParameter('eventTypes', 'A value is not one of the known ones.');
  return types;
}

function limitIn(query: URLSearchParams): number {
  const text = onlyValue(query, 'maxLimit');
  if (text === undefined) return LONGEST_PAGE;
  const limit = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > LARGEST_INT32) throw badParameter('maxLimit', 'A whole number of 1 or more.');
  return Math.min(limit, LONGEST_PAGE);
}
