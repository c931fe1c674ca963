import type { ChangeNews, News, NewsPlace } from '../change-news.js';
import type { LoggedEvents } from './change-log.js';
import { changeKindOf } from './event-types.js';

/** News from the log that a follower of the event feed keeps. */
export class NewsOfLog implements ChangeNews {
  constructor(private readonly log: LoggedEvents) {}

  since(place: NewsPlace | undefined, most: number): News | undefined {
    const told = this.log.eventsFrom(place, most);
    if (told === undefined) return undefined;
    const { events = [], position, end, answersFrom, at } = told;
    return {
      changes: events.flatMap(({ personId, nin, type }) => {
        const kind = changeKindOf(type);
        return kind === undefined ? [] : [{ personId, nin, kind }];
      }),
      place: { ...position, at },
      hasMore: position.next < end.next,
      hasGap: place !== undefined && (told.events === undefined || answersFrom > place.at),
    };
  }
}
