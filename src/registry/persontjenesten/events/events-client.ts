import { UpstreamInvalidAnswer } from '../../../errors/errors.js';
import { isJsonObject, memberOf, parseJson } from '../../../mapping/json.js';
import type { Caller } from '../../person-registry.js';
import { isNobody, mustBeAnswer } from '../answers.js';
import type { ApiVersion } from '../api-version.js';
import type { ApiRequest, ApiResponse, Transport } from '../transport.js';
import type { FeedEvent } from '../../changes/feed-event.js';
import { eventOf, eventsAmong } from './event-answers.js';

/** On whose behalf the feed is read. */
export type FeedReader = Pick<Caller, 'organisation' | 'access' | 'correlationId' | 'signal'>;

/** Whose share of the upstream's capacity the feed takes. */
const FEED_READER = 'event-follower';

/** The most events that one page holds (persontjenesten-api 5). */
export const LONGEST_PAGE = 1000;

/** The two operations of the event feed. Every one throws AdapterError for trouble. */
export class EventsClient {
  constructor(
    private readonly transport: Transport,
    private readonly version: ApiVersion,
  ) {}

  /** The newest event; undefined while there are none. */
  async latest(reader: FeedReader): Promise<FeedEvent | undefined> {
    const response = await this.#get('event/latest', [], reader);
    if (isNobody(response)) return undefined;
    mustBeAnswer(response);
    return eventOf(parseJson(response.body));
  }

  /** A page of events from that number on, in the order of the feed as it comes. */
  async page(from: bigint, reader: FeedReader): Promise<readonly FeedEvent[]> {
    const query: ApiRequest['query'] = [
      ['sequenceNumber', String(from)],
      ...(this.version.maxLimit ? [['maxLimit', String(LONGEST_PAGE)] as const] : []),
    ];
    const response = await this.#get('event', query, reader);
    // Version 2 may say so when there is nothing to tell.
    if (isNobody(response)) return [];
    mustBeAnswer(response);
    const answer = parseJson(response.body);
    if (!isJsonObject(answer)) throw new UpstreamInvalidAnswer('the answer is not a page of events');
    return eventsAmong(memberOf(answer, 'results'));
  }

  async #get(
    operation: string,
    query: ApiRequest['query'],
    { access, organisation, correlationId, signal }: FeedReader,
  ): Promise<ApiResponse> {
    const path = `${this.version.routes[access]}/${operation}`;
    return this.transport.send({
      method: 'GET',
      path,
      query,
      form: [],
      access,
      organisation,
      clientId: FEED_READER,
      lane: 'batch',
      correlationId,
      signal,
    });
  }
}
