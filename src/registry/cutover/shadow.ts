import type { ErrorCode } from '../../errors/catalogue.js';
import { asAdapterError } from '../../errors/errors.js';
import type { EventSink } from '../../operations/events.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { Caller, PersonRegistry } from '../person-registry.js';
import { attempt, type Attempt } from './attempt.js';
import type { Comparing } from './comparing.js';
import type { CutoverSettings } from './cutover.js';
import type { Guard, Step } from './guard.js';
import type { NotComparedTally } from './not-compared-tally.js';
import type { Question } from './question.js';
import { shadowedSource, type Source } from './route.js';
import { ShadowLane } from './shadow-lane.js';
import { sideOf } from './side.js';

/** How long a question in the background may take. */
const PATIENCE_MILLISECONDS = 30_000;

/** What asks in the background. */
export interface ShadowParts {
  readonly registryOf: (source: Source) => PersonRegistry;
  readonly settings: () => CutoverSettings['comparison'];
  /** Whether somebody waits for an answer, or did a moment ago. */
  readonly people: { readonly somebody: boolean };
  readonly comparing: Comparing;
  readonly guard: Pick<Guard, 'pregAnswered'>;
  readonly notCompared: Pick<NotComparedTally, 'add'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

/** Asks the other register what the first has answered, and has it compared. It never slows or fails an answer. */
export class Shadow {
  readonly #lane: ShadowLane;

  constructor(private readonly parts: ShadowParts) {
    this.#lane = new ShadowLane({ ...parts, limits: parts.settings });
  }

  /** How many people were dropped within the last minute or two. */
  get dropped(): number {
    return this.#lane.dropped;
  }

  /**
   * Asks the other register of a route the same, where there is one, after the first has answered or failed.
   * @returns whether it will be asked
   */
  ask<Answer>(question: Question<Answer>, caller: Caller, step: Step, first: Attempt<Answer>): boolean {
    const source = shadowedSource(step.way.route);
    if (source === undefined || !isWorthAsking(first)) return false;
    const { notCompared, comparing } = this.parts;
    const sampled = this.#sampled(question, caller);
    if (sampled === undefined) return false;
    // What was told of those who were not chosen is let go.
    const known = sideOf(sampled, first);
    const people = sampled.subjects.length;
    const drop = (left: number): void => {
      this.#lane.drop(left);
      notCompared.add(caller, 'dropped', left);
    };
    return this.#lane.offer({
      people,
      drop: () => {
        drop(people);
      },
      run: this.#telling(caller, async (signal) => {
        const attempted = await this.#attempt(source, sampled, caller, signal);
        if (signal.aborted || isRefusedForNow(attempted)) {
          drop(people);
          return;
        }
        const second = sideOf(sampled, attempted);
        const sides = source === 'preg' ? sidesOf(second, known) : sidesOf(known, second);
        const { subjects } = sampled;
        const asked = { step, caller, answeredBy: first.source, subjects, sides };
        drop(await comparing.compare(asked, signal));
      }),
    });
  }

  /** Asks PREG about one of those whom a question is about, to see whether it answers; nothing is compared. */
  probe<Answer>(question: Question<Answer>, caller: Caller, step: Step): void {
    let isFirst = true;
    const one = question.sampled(() => {
      const isChosen = isFirst;
      isFirst = false;
      return isChosen;
    });
    if (one === undefined) return;
    this.#lane.offer({
      people: 1,
      drop: () => undefined,
      run: this.#telling(caller, async (signal) => {
        const attempted = await this.#attempt('preg', one, caller, signal);
        if ('answer' in attempted) this.parts.guard.pregAnswered(step);
      }),
    });
  }

  /** Work in the background that never fails: what nobody foresaw is told, since nobody waits for it. */
  #telling(
    { correlationId }: Caller,
    work: (signal: AbortSignal) => Promise<void>,
  ): (signal: AbortSignal) => Promise<void> {
    return async (signal) => {
      try {
        await work(signal);
      } catch (error) {
        this.parts.events.emit('comparisonFailed', { correlationId, error: asAdapterError(error) });
      }
    };
  }

  /** Those of a question who are chosen, as many as there is room for; the others are counted. */
  #sampled<Answer>(question: Question<Answer>, caller: Caller): Question<Answer> | undefined {
    const { settings, notCompared } = this.parts;
    const { samplePercent } = settings();
    const { room } = this.#lane;
    const all = question.subjects.length;
    let chosen = 0;
    const sampled = question.sampled(() => {
      if (samplePercent < 100 && !this.#isSampled(samplePercent)) return false;
      chosen += 1;
      return chosen <= room;
    });
    const left = chosen - (sampled?.subjects.length ?? 0);
    notCompared.add(caller, 'sampled-out', all - chosen);
    notCompared.add(caller, 'dropped', left);
    this.#lane.drop(left);
    return sampled;
  }

  #attempt<Answer>(
    source: Source,
    question: Question<Answer>,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<Attempt<Answer>> {
    const { clock, registryOf } = this.parts;
    const asked = { source, registry: registryOf(source), clock, milliseconds: PATIENCE_MILLISECONDS };
    return attempt(question, asked, inBackground(caller, signal));
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    await this.#lane.stop();
  }

  #isSampled(percent: number): boolean {
    const [high = 0, low = 0] = this.parts.random.bytes(2);
    return ((high * 256 + low) / 65_536) * 100 < percent;
  }
}

function sidesOf<Side>(preg: Side, persontjenesten: Side): Readonly<Record<Source, Side>> {
  return { preg, persontjenesten };
}

/**
 * Whether it says anything how the other register fares. What was kept is old, and the client's own doing is the same everywhere.
 */
function isWorthAsking<Answer>(first: Attempt<Answer>): boolean {
  if ('answer' in first) return first.kept !== 'stale-cache';
  return first.error.code !== 'caller-left' && first.error.code !== 'not-authorised';
}

/** Whether a question in the background got no turn, or none for now, which tells nothing of the register. */
function isRefusedForNow<Answer>(attempted: Attempt<Answer>): boolean {
  return 'error' in attempted && refusedForNow.has(attempted.error.code);
}

const refusedForNow: ReadonlySet<ErrorCode> = new Set(['upstream-rate-limited', 'overloaded']);

/** The same client, who does not wait. */
function inBackground(caller: Caller, signal: AbortSignal): Caller {
  return { ...caller, signal, deadline: undefined, lane: 'shadow' };
}
