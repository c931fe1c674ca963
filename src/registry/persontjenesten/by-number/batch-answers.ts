import { AdapterError, UpstreamInvalidAnswer, UpstreamRejected } from '../../../errors/errors.js';
import type { JsonObject } from '../../../mapping/json.js';
import type { NationalId } from '../../../person/national-id.js';
import { newCorrelationId } from '../../../runtime/correlation.js';
import type { Random } from '../../../runtime/random.js';
import { sideBySide } from '../side-by-side.js';
import type { DocumentCalls } from './person-documents.js';
import { latest, type SharedLookup } from './shared-lookup.js';
import type { UpstreamDocuments } from './upstream-documents.js';

/** What answers come from. */
export interface BatchAnswersParts {
  readonly upstream: Pick<UpstreamDocuments, 'one' | 'takesInBulk' | 'inBulk'>;
  readonly random: Random;
}

/** How many of a batch are asked alone at once. */
const ALONE_AT_ONCE = 16;

/** Gets the answers to lookups that go together, and gives each its own. */
export class BatchAnswers {
  constructor(private readonly parts: BatchAnswersParts) {}

  /** Answers or fails every lookup. Never rejects. */
  async give(lookups: readonly SharedLookup[], calls: DocumentCalls): Promise<void> {
    const [first, ...others] = lookups;
    if (first === undefined) return;
    if (others.length === 0) {
      await this.#alone(first, calls);
    } else {
      await this.#together(lookups, first, calls);
    }
  }

  async #alone(lookup: SharedLookup, calls: DocumentCalls): Promise<void> {
    const { nin, opener, deadline, signal } = lookup;
    if (signal.aborted) return;
    lookup.sendWith({ correlationId: opener.correlationId, people: 1 });
    try {
      const caller = { ...opener, onKept: undefined, deadline, signal };
      lookup.answer(await this.parts.upstream.one(nin, calls, caller));
    } catch (error) {
      lookup.fail(error);
    }
  }

  async #together(
    lookups: readonly SharedLookup[],
    first: SharedLookup,
    calls: DocumentCalls,
  ): Promise<void> {
    let found: ReadonlyMap<NationalId, JsonObject>;
    try {
      found = await this.#inBulk(lookups, first, calls);
    } catch (error) {
      if (mayBeOfOne(error)) {
        await this.#eachAlone(lookups, calls);
      } else {
        for (const lookup of lookups) lookup.fail(error);
      }
      return;
    }
    const missing: SharedLookup[] = [];
    for (const lookup of lookups) {
      const document = found.get(lookup.nin);
      if (document === undefined) missing.push(lookup);
      else lookup.answer(document);
    }
    // Only unknown when upstream says so of that one number (Safety S5).
    await this.#eachAlone(missing, calls);
  }

  async #inBulk(
    lookups: readonly SharedLookup[],
    { opener }: SharedLookup,
    calls: DocumentCalls,
  ): Promise<ReadonlyMap<NationalId, JsonObject>> {
    const correlationId = newCorrelationId(this.parts.random);
    for (const lookup of lookups) lookup.sendWith({ correlationId, people: lookups.length });
    const abandoned = new AbortController();
    const abortIfNobodyWaits = (): void => {
      if (lookups.every(({ signal }) => signal.aborted)) abandoned.abort();
    };
    for (const { signal } of lookups) signal.addEventListener('abort', abortIfNobodyWaits);
    const deadline = latest(lookups.map((lookup) => lookup.deadline));
    const caller = { ...opener, onKept: undefined, correlationId, deadline, signal: abandoned.signal };
    // Somebody may have asked anew for a number whose first lookup is no longer joined.
    const nins = [...new Set(lookups.map(({ nin }) => nin))];
    return this.parts.upstream.inBulk(nins, calls, caller);
  }

  async #eachAlone(lookups: readonly SharedLookup[], calls: DocumentCalls): Promise<void> {
    await sideBySide(lookups, (lookup) => this.#alone(lookup, calls), ALONE_AT_ONCE);
  }
}

/**
 * Whether one number or one document may be to blame, so that the others can do better without it. What else there is
 * to fail with would befall each of them alone, too.
 */
function mayBeOfOne(error: unknown): boolean {
  return (
    error instanceof UpstreamRejected ||
    error instanceof UpstreamInvalidAnswer ||
    !(error instanceof AdapterError)
  );
}
