import type { ApiRequest, ApiResponse, Transport } from '../../src/registry/persontjenesten/transport.js';

/** An event as upstream writes it. */
export interface WrittenEvent {
  readonly sequenceNumber: string;
  readonly personId: string;
  readonly eventType: string;
  readonly nin?: string | null;
}

/** What takes the place of an answer. */
export type Scripted = (request: ApiRequest) => ApiResponse | Error | Promise<ApiResponse>;

/** An event feed of the test's making: its events, and what is answered in their place for a while. */
export class ScriptedFeed implements Transport {
  /** In the order of their numbers. */
  events: WrittenEvent[] = [];
  /** Taken one by one before the events themselves answer. */
  readonly script: Scripted[] = [];
  /** What was asked: `latest`, or the number that a page begins with. */
  readonly asked: string[] = [];
  readonly requests: ApiRequest[] = [];
  /** The most events of a page. */
  longestPage = 1000;

  /** Adds an event with the next number, or with that one. */
  add(personId: string, eventType = 'ChangeInName', more: Partial<WrittenEvent> = {}): void {
    const last = BigInt(this.events.at(-1)?.sequenceNumber ?? '0');
    this.events.push({ sequenceNumber: String(last + 1n), personId, eventType, ...more });
  }

  async send(request: ApiRequest): Promise<ApiResponse> {
    this.requests.push(request);
    const from = request.query.find(([name]) => name === 'sequenceNumber')?.[1];
    this.asked.push(from ?? 'latest');
    const scripted = this.script.shift();
    const answer = scripted === undefined ? this.#answer(from) : await scripted(request);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  #answer(from: string | undefined): ApiResponse {
    if (from === undefined) {
      const latest = this.events.at(-1);
      return latest === undefined ? problem(404) : json(latest);
    }
    const first = this.events.findIndex(({ sequenceNumber }) => BigInt(sequenceNumber) >= BigInt(from));
    return page(first === -1 ? [] : this.events.slice(first, first + this.longestPage));
  }
}

export function json(value: unknown): ApiResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export function page(results: readonly WrittenEvent[]): ApiResponse {
  return json({ results });
}

export function problem(status: number, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ status, title: 'No' }),
  };
}
