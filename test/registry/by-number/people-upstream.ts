import { setImmediate } from 'node:timers/promises';
import type { JsonObject } from '../../../src/mapping/json.js';
import type { NationalId } from '../../../src/person/national-id.js';
import { abortError } from '../../../src/registry/persontjenesten/abort-error.js';
import type { ApiRequest, ApiResponse, Transport } from '../../../src/registry/persontjenesten/transport.js';
import { discontinued, inUse, person } from '../../support/person-documents.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

/** What upstream makes of a number when it is asked for alone. */
export type Fate = 'known' | 'superseded' | 'unknown' | 'another-person' | 'no-document' | 'refused';

/** Whom the register knows: each number has its fate, by the number's index. */
export class PeopleUpstream implements Transport {
  readonly requests: ApiRequest[] = [];
  readonly #pending: (() => void)[] = [];
  readonly #fates: ReadonlyMap<string, Fate>;

  /**
   * @param down organisations for which every call fails
   * @param omit whether a bulk answer leaves that number out, by the count of calls so far
   */
  constructor(
    fates: readonly Fate[],
    private readonly down: { readonly organisation: string; readonly error: Error },
    private readonly omit: (nin: string, call: number) => boolean,
  ) {
    this.#fates = new Map(fates.map((fate, index) => [syntheticNumber(index), fate]));
  }

  get pending(): number {
    return this.#pending.length;
  }

  send(request: ApiRequest): Promise<ApiResponse> {
    this.requests.push(request);
    const call = this.requests.length;
    return new Promise((resolve, reject) => {
      const { signal } = request;
      if (signal.aborted) reject(abortError(signal, 'aborted'));
      signal.addEventListener('abort', () => {
        reject(abortError(signal, 'aborted'));
      });
      this.#pending.push(() => {
        if (request.organisation.parent === this.down.organisation) reject(this.down.error);
        else resolve(this.#answer(request, call));
      });
    });
  }

  /** Ends one of the calls that go on. */
  async end(index: number): Promise<void> {
    const [end] = this.#pending.splice(index % this.#pending.length, 1);
    end?.();
    await setImmediate();
  }

  #answer({ path, query, form }: ApiRequest, call: number): ApiResponse {
    const asked = form.map(([, value]) => value);
    const history = query.some(([name, value]) => name === 'includeHistory' && value === 'true');
    const fates = asked.map((nin) => ({ nin, fate: this.#fates.get(nin) ?? 'unknown' }));
    if (fates.some(({ fate }) => fate === 'refused'))
      return answer(400, { title: 'Bad Request', status: 400 });
    if (path.endsWith('get-by-nin')) {
      const [one] = fates;
      const document = one === undefined ? undefined : documentOf(one.nin, one.fate, history);
      return document === undefined
        ? answer(404, { title: 'Not Found', status: 404, detail: 'No person found' })
        : answer(200, document);
    }
    const documents = fates
      .filter(({ nin }) => !this.omit(nin, call))
      .map(({ nin, fate }) => documentOf(nin, fate, history))
      .filter((document) => document !== undefined);
    // No order is promised.
    return answer(200, call % 2 === 0 ? documents.toReversed() : documents);
  }
}

/** The id of the person who has a number. */
export function personIdOf(nin: NationalId): string {
  return `person of ${nin}`;
}

function documentOf(nin: string, fate: Fate, history: boolean): JsonObject | undefined {
  const id = `person of ${nin}`;
  const newer = syntheticNumber(2_000 + Number(nin.slice(6, 9)));
  switch (fate) {
    case 'known':
      return person({ id, norwegianIdentificationNumber: [inUse(nin)] });
    case 'superseded':
      return person({
        id,
        norwegianIdentificationNumber: history ? [inUse(newer), discontinued(nin)] : [inUse(newer)],
      });
    case 'another-person':
      return person({ id: 'a stranger', norwegianIdentificationNumber: [inUse(newer)] });
    case 'no-document':
      return { norwegianIdentificationNumber: [inUse(nin)] };
    case 'unknown':
    case 'refused':
      return undefined;
  }
}

function answer(status: number, body: JsonObject | readonly JsonObject[]): ApiResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
