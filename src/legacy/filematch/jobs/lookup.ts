import { AdapterError, CallerLeft, InternalError, UpstreamTimeout } from '../../../errors/errors.js';
import type { Clock } from '../../../runtime/clock.js';
import { newCorrelationId, type CorrelationId } from '../../../runtime/correlation.js';
import type { Random } from '../../../runtime/random.js';
import { withDeadline } from '../../soap/deadline.js';
import type { Matcher, RowOutcome } from '../matching/matcher.js';
import type { InputRow } from '../record.js';
import type { FilematchClient } from './engine.js';
import type { Patience, Tries } from './patience.js';
import { isOfTheQuestion, troubleOf, type Trouble } from './trouble.js';

/** A batch that fails so often is asked row by row, to find the one that fails alone. */
const TRIES_TOGETHER = 3;

/** A row that fails so often alone, while others are answered, is given up. */
const TRIES_ALONE = 3;

/** What lookups are made with. */
export interface LookupParts {
  readonly matcher: Matcher;
  readonly client: FilematchClient;
  readonly patience: Patience;
  readonly deadlineMilliseconds: number;
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
  /** How often anything was answered. */
  #answers = 0;

  constructor(parts: LookupParts) {
    this.#parts = parts;
  }

  /**
   * An outcome for each row, in their order.
   * @throws GaveUp when there was no answer for too long; the reasons of the stops; InternalError
   */
  async of(rows: readonly InputRow[], stops: Stops): Promise<Found> {
    const correlationId = newCorrelationId(this.#parts.random);
    const tries = this.#parts.patience.tries();
    const ask = (asked: readonly InputRow[]): Promise<Answer> => this.#ask(asked, correlationId, stops.now);
    try {
      const outcomes = await this.#persist(rows, ask, tries, stops);
      return { outcomes: rows.flatMap((row) => outcomes.get(row) ?? []), correlationId };
    } finally {
      tries.end();
    }
  }

  async #persist(
    rows: readonly InputRow[],
    ask: (rows: readonly InputRow[]) => Promise<Answer>,
    tries: Tries,
    stops: Stops,
  ): Promise<ReadonlyMap<InputRow, RowOutcome>> {
    const batch = new Batch(rows);
    while (batch.left > 0) {
      const asked = batch.next();
      const answer = await ask(asked);
      if ('outcomes' in answer) {
        this.#answers += 1;
        batch.answered(asked, answer.outcomes);
        tries.succeeded();
        continue;
      }
      const { error, trouble } = answer;
      const blamed = batch.failed(asked, trouble, this.#answers) ?? this.#lastOne(batch, asked, trouble);
      if (blamed !== undefined) {
        const code = error.code === 'upstream-timeout' ? 'E900' : 'E901';
        batch.answered([blamed], [this.#parts.matcher.givenUp(blamed, code, error.code)]);
      } else if (trouble !== undefined) {
        await tries.again(trouble, stops.soon);
      }
    }
    return batch.outcomes;
  }

  /** When patience is over, and all but one row were answered, the job goes on without that one. */
  #lastOne(batch: Batch, asked: readonly InputRow[], trouble: Trouble | undefined): InputRow | undefined {
    const isTheRow = batch.left === 1 && this.#answers > 0 && trouble?.mayBeTheQuestion === true;
    return isTheRow && this.#parts.patience.isOver ? asked[0] : undefined;
  }

  async #ask(rows: readonly InputRow[], correlationId: CorrelationId, signal: AbortSignal): Promise<Answer> {
    const { matcher, client, clock, deadlineMilliseconds } = this.#parts;
    const { id, organisation, access, visible } = client.client;
    try {
      const outcomes = await withDeadline(
        {
          clock,
          milliseconds: deadlineMilliseconds,
          signal,
          timeUp: () => new UpstreamTimeout('a batch of rows got no answer in its time'),
          givenUp: () => new CallerLeft('the job does not go on'),
        },
        async (ended) =>
          matcher.match(
            rows,
            {
              clientId: id,
              organisation,
              access,
              visible,
              lane: 'batch',
              correlationId,
              signal: ended,
              deadline: new Date(clock.now().getTime() + deadlineMilliseconds),
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
  readonly #failuresAlone = new Map<InputRow, number>();
  #failuresTogether = 0;
  #isApart = false;
  /** Whether it pays to ask for all together once one was answered. */
  #mayBeWhole = false;
  /** How much had been answered when the rows were first asked for one by one. */
  #answersBefore = Number.POSITIVE_INFINITY;

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

  /**
   * @param answers how often anything was answered so far
   * @returns the row that is to blame, and is given up
   */
  failed(rows: readonly InputRow[], trouble: Trouble | undefined, answers: number): InputRow | undefined {
    const [row] = rows;
    if (trouble === undefined && rows.length === 1) return row;
    if (!this.#isApart) {
      this.#failuresTogether += 1;
      const isEnough = trouble === undefined || this.#failuresTogether >= TRIES_TOGETHER;
      if (!isEnough || trouble?.mayBeTheQuestion === false) return undefined;
      this.#isApart = true;
      this.#mayBeWhole = trouble !== undefined && this.#failuresTogether === TRIES_TOGETHER;
      this.#answersBefore = Math.min(this.#answersBefore, answers);
      return undefined;
    }
    if (row === undefined || trouble === undefined) return undefined;
    if (!trouble.mayBeTheQuestion) return undefined;
    const failures = (this.#failuresAlone.get(row) ?? 0) + 1;
    this.#failuresAlone.set(row, failures);
    // As long as nobody is answered, the trouble is not the row's.
    if (failures >= TRIES_ALONE && answers > this.#answersBefore) return row;
    this.#waiting.push(...this.#waiting.splice(0, 1));
    return undefined;
  }
}
