import { asAdapterError } from '../../errors/errors.js';
import type { EventSink } from '../../operations/events.js';
import type { FewInATurn } from '../../runtime/few-in-a-turn.js';
import type { NationalId } from '../../person/national-id.js';
import type { Caller } from '../person-registry.js';
import type { ComparedAnswers, SourceOutcome } from './compared-answers.js';
import type { Answered, Comparer, FieldDifference } from './comparison/comparer.js';
import { isOfTheAsker } from './fallback.js';
import type { Guard, Step } from './guard.js';
import type { Source } from './route.js';
import { foundIn, outcomeOf, type Side } from './side.js';

/** What takes down how both registers fared with a question. */
export interface BothAskedParts {
  readonly comparer: Comparer;
  readonly record: (compared: ComparedAnswers) => void;
  readonly guard: Guard;
  /** Holding answers against each other takes its time, and others want theirs. */
  readonly turns: FewInATurn;
  readonly events: EventSink;
}

/** A question that both registers were asked. */
export interface BothAsked {
  readonly step: Step;
  readonly caller: Caller;
  /** Whose answer the client got. */
  readonly answeredBy: Source;
  readonly subjects: readonly (NationalId | undefined)[];
  readonly sides: Readonly<Record<Source, Side>>;
}

/** Holds what both registers said against each other, and takes it down: one entry for each person. */
export class Comparing {
  constructor(private readonly parts: BothAskedParts) {}

  /** Takes down a question that one of the two could not answer, so that there is nothing to compare. */
  recordTrouble(asked: BothAsked): void {
    this.#tellGuard(asked);
    const { sides, subjects } = asked;
    const outcomes = {
      preg: outcomeOf(sides.preg),
      persontjenesten: outcomeOf(sides.persontjenesten),
    };
    // Where it is compared it counts by person, too.
    for (const subject of subjects) this.#record(asked, subject, outcomes, undefined);
    this.#tell(asked, outcomes, null);
  }

  /** Compares, and gives others their turn in between. Never fails. @returns how many people it did not come to, once aborted */
  async compare(asked: BothAsked, signal: AbortSignal): Promise<number> {
    const { sides, subjects, step } = asked;
    if (sides.preg.trouble !== undefined || sides.persontjenesten.trouble !== undefined) {
      this.recordTrouble(asked);
      return 0;
    }
    const seen = { compared: 0, different: 0, unexplained: 0, identity: 0 };
    for (const [done, subject] of subjects.entries()) {
      const preg = sides.preg.told.get(subject);
      const persontjenesten = sides.persontjenesten.told.get(subject);
      if (preg === undefined || persontjenesten === undefined) continue;
      await this.parts.turns.pass();
      const differences = await this.#differences(asked, { preg, persontjenesten }, signal);
      if (signal.aborted) return subjects.length - done;
      const outcomes = {
        preg: outcomeOf(sides.preg, preg),
        persontjenesten: outcomeOf(sides.persontjenesten, persontjenesten),
      };
      this.#record(asked, subject, outcomes, differences);
      if (differences === undefined) continue;
      const unexplained = differences.filter((difference) => difference.class === 'unexplained');
      const isIdentity = unexplained.some((difference) => difference.isIdentity);
      seen.compared += 1;
      seen.different += differences.length > 0 ? 1 : 0;
      seen.unexplained += unexplained.length > 0 ? 1 : 0;
      seen.identity += isIdentity ? 1 : 0;
    }
    const { compared, unexplained, identity } = seen;
    if (compared > 0) {
      this.parts.guard.note(step, { compared, unexplained, identity });
      this.parts.guard.pregAnswered(step);
    }
    const all = { preg: outcomeOf(sides.preg), persontjenesten: outcomeOf(sides.persontjenesten) };
    this.#tell(asked, all, seen);
    return 0;
  }

  /** What PREG answers and Persontjenesten refuses is an error of the latter: the client had its answer so far. */
  #tellGuard({ step, sides: { preg, persontjenesten } }: BothAsked): void {
    if (preg.trouble !== undefined || persontjenesten.trouble === undefined) return;
    if (isOfTheAsker(persontjenesten.trouble)) this.parts.guard.note(step, { answers: 1, failures: 1 });
    this.parts.guard.pregAnswered(step);
  }

  async #differences(
    { caller: { correlationId } }: BothAsked,
    pair: Readonly<Record<Source, Answered>>,
    signal: AbortSignal,
  ): Promise<readonly FieldDifference[] | undefined> {
    const { comparer, turns, events } = this.parts;
    try {
      const steps = comparer.inSteps(pair);
      for (let step = steps.next(); !signal.aborted; step = steps.next()) {
        if (step.done === true) return step.value;
        await turns.pass();
      }
    } catch (error) {
      events.emit('comparisonFailed', { correlationId, error: asAdapterError(error) });
    }
    return undefined;
  }

  #record(
    { step, caller, answeredBy }: BothAsked,
    subject: NationalId | undefined,
    outcomes: Readonly<Record<Source, SourceOutcome>>,
    differences: readonly FieldDifference[] | undefined,
  ): void {
    this.parts.record({
      at: step.at,
      correlationId: caller.correlationId,
      clientId: caller.clientId,
      protocol: caller.protocol,
      operation: caller.operation,
      route: step.way.route,
      answeredBy,
      subject,
      outcomes,
      differences,
    });
  }

  #tell(
    { step, caller, subjects, sides }: BothAsked,
    { preg, persontjenesten }: Readonly<Record<Source, SourceOutcome>>,
    seen: { readonly different: number; readonly unexplained: number; readonly identity: number } | null,
  ): void {
    this.parts.events.emit('answersCompared', {
      correlationId: caller.correlationId,
      clientId: caller.clientId,
      protocol: caller.protocol ?? null,
      operation: caller.operation ?? null,
      route: step.way.route,
      people: subjects.length,
      found: { preg: foundIn(sides.preg), persontjenesten: foundIn(sides.persontjenesten) },
      outcomes: { preg: preg.outcome, persontjenesten: persontjenesten.outcome },
      different: seen?.different ?? null,
      unexplained: seen?.unexplained ?? 0,
      identity: seen?.identity ?? 0,
    });
  }
}
