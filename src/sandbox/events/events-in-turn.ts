import { numberInUse } from '../population/person-document.js';
import type { Population } from '../population/population.js';
import type { SlimEvent } from './event-feed.js';
import type { EventType } from './event-types.js';

const PEOPLE = 1000;

/**
 * Events of up to a thousand persons in turn, for `EventFeed.appendMany`: a feed as large as one likes, without a change to any
 * document. An empty population gives invented person ids without numbers.
 */
export function eventsInTurn(population: Population, eventType: EventType): (index: number) => SlimEvent {
  const events: SlimEvent[] = [];
  for (const document of population.documents()) {
    events.push({ personId: document.id, eventType, nin: numberInUse(document) });
    if (events.length === PEOPLE) break;
  }
  return (index) =>
    events[index % events.length] ?? { personId: `nobody-${index % PEOPLE}`, eventType, nin: undefined };
}
