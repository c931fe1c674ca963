import { AdapterError, UpstreamInvalidAnswer, UpstreamRejected } from '../../../errors/errors.js';
import type { JsonObject } from '../../../mapping/json.js';
import type { NationalId } from '../../../person/national-id.js';
import { newCorrelationId } from '../../../runtime/correlation.js';
import { FewInATurn } from '../../../runtime/few-in-a-turn.js';
import type { Random } from '../../../runtime/random.js';
import { CallTimeout } from '../calls/attempt-timeout.js';
import { mayBeOfWhatIsAsked } from '../calls/retry.js';
import { inBatches, sideBySide } from '../../side-by-side.js';
import { BulkSize } from './bulk-size.js';
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
/** Each who is told goes on at once to map and write an answer. */
const TOLD_IN_A_TURN = 4;
/** Into so many parts a batch goes that cannot be answered as a whole: few calls when all of them fail, few rounds else. */
const PARTS = 4;

/**
 * What became of some lookups: upstream answered; they ended with something that tells nothing of it; or they are still
 * to be answered, after trouble that may be due to some of them, or to their number.
 */
type Outcome = 'answered' | 'ended' | AdapterError;

/** Gets the answers to lookups that go together, and gives each its own. docs/decisions/011 tells how a batch is split. */
export class BatchAnswers {
  readonly #size = new BulkSize();
  readonly #telling = new FewInATurn(TOLD_IN_A_TURN);

  constructor(private readonly parts: BatchAnswersParts) {}

  /** How many lookups may go together at present. */
  get most(): number {
    return this.#size.most;
  }

  /** Answers or fails every lookup. Never rejects. */
  async give(lookups: readonly SharedLookup[], calls: DocumentCalls): Promise<void> {
    const outcome = await this.#ask(lookups, calls, 0);
    if (!isTrouble(outcome)) return;
    if (lookups.length > 1) await this.#inParts(lookups, calls, { tries: 1, trouble: outcome });
    else fail(lookups, outcome);
  }

  async #ask(lookups: readonly SharedLookup[], calls: DocumentCalls, triedBefore: number): Promise<Outcome> {
    const waited = lookups.filter(({ signal }) => !signal.aborted);
    const [first, ...others] = waited;
    if (first === undefined) return 'ended';
    try {
      await (others.length === 0
        ? this.#alone(first, calls, triedBefore)
        : this.#together(waited, first, calls, triedBefore));
      return 'answered';
    } catch (error) {
      if (others.length > 0 && mayBeOfOne(error)) {
        await this.#eachAlone(waited, calls);
        return 'answered';
      }
      if (mayBeOfWhatIsAsked(error)) return error;
      fail(waited, error);
      return mayBeOfOne(error) ? 'answered' : 'ended';
    }
  }

  /**
   * Asks for a batch in parts, and for the parts of those that fail as long as any beside them is answered. Where none is,
   * it is not due to some of the people: that is the end of it.
   */
  async #inParts(
    lookups: readonly SharedLookup[],
    calls: DocumentCalls,
    { tries, trouble }: { readonly tries: number; readonly trouble: AdapterError },
  ): Promise<void> {
    const asked = inBatches(lookups, Math.ceil(lookups.length / PARTS)).map((part) => ({
      part,
      outcome: this.#ask(part, calls, tries),
    }));
    const someAnswered = anyOf(asked.map(async ({ outcome }) => (await outcome) === 'answered'));
    await Promise.all([
      ...asked.map(async ({ part, outcome }) => {
        const own = await outcome;
        if (!isTrouble(own)) return;
        if (part.length > 1 && (await someAnswered)) {
          await this.#inParts(part, calls, { tries: tries + 1, trouble: own });
        } else {
          fail(part, own);
        }
      }),
      someAnswered.then((isSo) => {
        if (isSo && trouble instanceof CallTimeout) this.#size.wasTooLarge(lookups.length);
      }),
    ]);
  }

  async #alone(lookup: SharedLookup, calls: DocumentCalls, triedBefore: number): Promise<void> {
    const { nin, opener, deadline, signal } = lookup;
    lookup.sendWith({ correlationId: opener.correlationId, people: 1 });
    const caller = { ...opener, onKept: undefined, deadline, signal, triedBefore };
    lookup.answer(await this.parts.upstream.one(nin, calls, caller));
  }

  async #together(
    lookups: readonly SharedLookup[],
    first: SharedLookup,
    calls: DocumentCalls,
    triedBefore: number,
  ): Promise<void> {
    const found = await this.#inBulk(lookups, first, calls, triedBefore);
    this.#size.wasAnswered(lookups.length);
    const missing: SharedLookup[] = [];
    for (const lookup of lookups) {
      await this.#telling.pass();
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
    triedBefore: number,
  ): Promise<ReadonlyMap<NationalId, JsonObject>> {
    const correlationId = newCorrelationId(this.parts.random);
    for (const lookup of lookups) lookup.sendWith({ correlationId, people: lookups.length });
    const abandoned = new AbortController();
    for (const { signal: own } of lookups) {
      own.addEventListener('abort', () => {
        if (lookups.every((lookup) => lookup.signal.aborted)) abandoned.abort(own.reason);
      });
    }
    const deadline = latest(lookups.map((lookup) => lookup.deadline));
    const { signal } = abandoned;
    const own = { onKept: undefined, correlationId, deadline, signal, triedBefore, isDivisible: true };
    // Somebody may have asked anew for a number whose first lookup is no longer joined.
    const nins = [...new Set(lookups.map(({ nin }) => nin))];
    return this.parts.upstream.inBulk(nins, calls, { ...opener, ...own });
  }

  async #eachAlone(lookups: readonly SharedLookup[], calls: DocumentCalls): Promise<void> {
    await sideBySide(
      lookups,
      async (lookup) => {
        const outcome = await this.#ask([lookup], calls, 0);
        if (isTrouble(outcome)) lookup.fail(outcome);
      },
      ALONE_AT_ONCE,
    );
  }
}

function isTrouble(outcome: Outcome): outcome is AdapterError {
  return outcome instanceof AdapterError;
}

function fail(lookups: readonly SharedLookup[], error: unknown): void {
  for (const lookup of lookups) lookup.fail(error);
}

/** Whether any of them is true, as soon as one is. */
function anyOf(answers: readonly Promise<boolean>[]): Promise<boolean> {
  const right = answers.map(async (answer) => {
    if (!(await answer)) throw NONE;
  });
  return Promise.any(right).then(
    () => true,
    () => false,
  );
}

const NONE = new Error('none');

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
