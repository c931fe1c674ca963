import { AdapterError, CallerLeft, InternalError, UpstreamTimeout } from '../../../errors/errors.js';
import type { Clock } from '../../../runtime/clock.js';
import { newCorrelationId, type CorrelationId } from '../../../runtime/correlation.js';
import type { Random } from '../../../runtime/random.js';
import { withDeadline } from '../../../runtime/deadline.js';
import { SIDE_BY_SIDE } from '../matching/ask-alone.js';
import type { Matcher, RowOutcome } from '../matching/matcher.js';
import type { InputRow } from '../record.js';
import type { FilematchClient } from './engine.js';
import type { Patience, Tries } from './patience.js';
import { isOfTheQuestion, troubleOf, type Trouble } from './trouble.js';
import { isOfRegister, Witnesses } from './witnesses.js';

/** A batch that fails so often is asked row by row, to find the one that fails alone. */
const TRIES_TOGETHER = 3;

/** A row that fails so often alone, while another one is answered each time, is given up. */
const TRIES_ALONE = 3;

/** A request has several calls' time, and numbers that are asked for together that of several requests. */
const REQUESTS_FOR_NUMBERS = 4;

/** What lookups are made with. */
export interface LookupParts {
  readonly matcher: Matcher;
  readonly client: FilematchClient;
  readonly patience: Patience;
  /** The time that one request has. */
  readonly requestMilliseconds: number;
  readonly clock: Clock;
  readonly random: Random;
}

/** When lookups end without an answer: at once, or as soon as they would have to wait. */
export interface Stops {
  readonly now: AbortSignal;
  readonly soon: AbortSignal;
}

/** What came of the rows of a batch. */
export interface Found {
  readonly outcomes: readonly RowOutcome[];
  readonly correlationId: CorrelationId;
}

/** Looks rows up on behalf of a client, and does not give in to trouble that passes. */
export class Lookup {
  readonly #parts: LookupParts;
  readonly #witnesses = new Witnesses();

  constructor(parts: LookupParts) {
    this.#parts = parts;
  }

  /** A row was looked up by an earlier run: it may be asked for again, to see whether anybody is answered. */
  wasDone(row: InputRow): void {
    this.#witnesses.wasDone(row, () => newCorrelationId(this.#parts.random));
  }

  /**
   * An outcome for each row, in their order.
   * @throws GaveUp when there was no answer for too long; the reasons of the stops; InternalError
   */
  async of(rows: readonly InputRow[], stops: Stops): Promise<Found> {
    const correlationId = newCorrelationId(this.#parts.random);
    const tries = this.#parts.patience.tries();
    try {
      const outcomes = await this.#persist(rows, correlationId, tries, stops);
      return { outcomes: rows.flatMap((row) => outcomes.get(row) ?? []), correlationId };
    } finally {
      tries.end();
    }
  }

  async #persist(
    rows: readonly InputRow[],
    correlationId: CorrelationId,
    tries: Tries,
    stops: Stops,
  ): Promise<ReadonlyMap<InputRow, RowOutcome>> {
    const batch = new Batch(rows);
    while (batch.left > 0) {
      const asked = batch.next();
      const answer = await this.#ask(asked, correlationId, stops.now);
      if ('outcomes' in answer) {
        this.#witnesses.heard(asked, answer.outcomes, correlationId);
        batch.answered(asked, answer.outcomes);
        tries.succeeded();
        continue;
      }
      const { error, trouble } = answer;
      const suspect = batch.failed(asked, trouble);
      if (
        suspect !== undefined &&
        (trouble === undefined || (await this.#isToBlame(suspect, batch, tries, stops)))
      ) {
        const code = error.code === 'upstream-timeout' ? 'E900' : 'E901';
        batch.answered([suspect], [this.#parts.matcher.givenUp(suspect, code, error.code)]);
      } else if (trouble !== undefined) {
        if (suspect !== undefined) batch.putLast(suspect);
        await tries.again(trouble, stops.soon);
      }
    }
    return batch.outcomes;
  }

  /** Whether a row that has failed alone once more is at fault: somebody else has to be answered after each failure that counts. */
  async #isToBlame(row: InputRow, batch: Batch, tries: Tries, { now }: Stops): Promise<boolean> {
    const witness = this.#witnesses.like(row);
    if (witness === undefined) return false;
    const answer = await this.#ask([witness.row], witness.correlationId, now);
    if (!('outcomes' in answer)) {
      batch.forgive();
      return false;
    }
    if (!isOfRegister(answer.outcomes[0])) {
      this.#witnesses.dismiss(witness);
      return false;
    }
    tries.succeeded();
    return batch.blame(row) >= TRIES_ALONE;
  }

  async #ask(rows: readonly InputRow[], correlationId: CorrelationId, signal: AbortSignal): Promise<Answer> {
    const { matcher, client, clock, requestMilliseconds } = this.#parts;
    const milliseconds = requestMilliseconds * requestsFor(rows);
    const { id, organisation, access, visible } = client.client;
    try {
      const outcomes = await withDeadline(
        {
          clock,
          milliseconds,
          signal,
          timeUp: () => new UpstreamTimeout('a batch of rows got no answer in its time'),
          givenUp: () => new CallerLeft('the job does not go on'),
        },
        async (ended) =>
          matcher.match(
            rows,
            {
              clientId: id,
              protocol: 'filematch',
              operation: 'match',
              organisation,
              access,
              visible,
              lane: 'batch',
              correlationId,
              signal: ended,
              deadline: new Date(clock.now().getTime() + milliseconds),
            },
            client.settings,
          ),
      );
      if (outcomes.length === rows.length) return { outcomes };
      throw new InternalError('the matcher gave some rows no outcome');
    } catch (error) {
      signal.throwIfAborted();
      const trouble = isOfTheQuestion(error) ? undefined : troubleOf(error);
      if (error instanceof AdapterError && (trouble !== undefined || isOfTheQuestion(error))) {
        return { error, trouble };
      }
      throw error;
    }
  }
}

/** As many requests' time as the rows may take: each search is like a request of its own. */
function requestsFor(rows: readonly InputRow[]): number {
  const searches = rows.filter(({ nin }) => nin === '').length;
  return REQUESTS_FOR_NUMBERS + Math.ceil(searches / SIDE_BY_SIDE);
}

/** What came of a question: outcomes, or trouble; none that passes where the register refuses the question itself. */
type Answer =
  | { readonly outcomes: readonly RowOutcome[] }
  | { readonly error: AdapterError; readonly trouble: Trouble | undefined };

/**
 * The rows of a batch that still need an outcome, and which to ask for next: all together, or in turn once that has failed too
 * often. When one is answered after trouble that may have passed, the rest is asked for together once more.
 */
class Batch {
  readonly outcomes = new Map<InputRow, RowOutcome>();
  readonly #waiting: InputRow[];
  readonly #blame = new Map<InputRow, number>();
  #failuresTogether = 0;
  #isApart = false;
  /** Whether it pays to ask for all together once one was answered. */
  #mayBeWhole = false;

  constructor(rows: readonly InputRow[]) {
    this.#waiting = [...rows];
  }

  get left(): number {
    return this.#waiting.length;
  }

  next(): readonly InputRow[] {
    return this.#isApart ? this.#waiting.slice(0, 1) : [...this.#waiting];
  }

  answered(rows: readonly InputRow[], outcomes: readonly RowOutcome[]): void {
    rows.forEach((row, index) => {
      const outcome = outcomes[index];
      if (outcome !== undefined) this.outcomes.set(row, outcome);
    });
    this.#waiting.splice(0, rows.length);
    if (!this.#mayBeWhole || this.left < 2) return;
    this.#mayBeWhole = false;
    this.#isApart = false;
  }

  /** @returns the one row that was asked for, when it may be to blame; without trouble that passes it is */
  failed(rows: readonly InputRow[], trouble: Trouble | undefined): InputRow | undefined {
    const [row] = rows;
    if (trouble === undefined && rows.length === 1) return row;
    if (this.#isApart) return trouble?.mayBeTheQuestion === true ? row : undefined;
    this.#failuresTogether += 1;
    const isEnough = trouble === undefined || this.#failuresTogether >= TRIES_TOGETHER;
    if (!isEnough || trouble?.mayBeTheQuestion === false) return undefined;
    this.#isApart = true;
    this.#mayBeWhole = trouble !== undefined && this.#failuresTogether === TRIES_TOGETHER;
    return undefined;
  }

  /** The row that was asked for alone has failed while another one was answered. @returns how often by now */
  blame(row: InputRow): number {
    const failures = (this.#blame.get(row) ?? 0) + 1;
    this.#blame.set(row, failures);
    return failures;
  }

  /** Nobody is answered: what failed before may have failed for that. */
  forgive(): void {
    this.#blame.clear();
  }

  /** The others have their turn before this one, the first, is asked for again. */
  putLast(first: InputRow): void {
    this.#waiting.splice(0, 1);
    this.#waiting.push(first);
  }
}
