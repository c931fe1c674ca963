import { asAdapterError } from '../../errors/errors.js';
import type { EventSink } from '../../operations/events.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { Caller, PersonRegistry } from '../person-registry.js';
import { attempt, type Attempt } from './attempt.js';
import type { Comparing } from './comparing.js';
import type { CutoverSettings } from './cutover.js';
import type { Step } from './guard.js';
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
  readonly comparing: Comparing;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

/** Asks the other register what the first has answered, and has it compared. It never slows or fails an answer. */
export class Shadow {
  readonly #lane: ShadowLane;

  constructor(private readonly parts: ShadowParts) {
    this.#lane = new ShadowLane({ limits: parts.settings, clock: parts.clock, events: parts.events });
  }

  /** How many people were dropped within the last minute or two. */
  get dropped(): number {
    return this.#lane.dropped;
  }

  /** Asks the other register of a route the same, where there is one, after the first has answered or failed. */
  ask<Answer>(question: Question<Answer>, caller: Caller, step: Step, first: Attempt<Answer>): void {
    const source = shadowedSource(step.way.route);
    if (source === undefined || !isWorthAsking(first)) return;
    const { samplePercent } = this.parts.settings();
    const sampled = question.sampled(() => samplePercent >= 100 || this.#isSampled(samplePercent));
    if (sampled === undefined) return;
    // What was told of those who were not chosen is let go.
    const known = sideOf(sampled, first);
    const { clock, registryOf, comparing, events } = this.parts;
    const { correlationId } = caller;
    this.#lane.offer({
      people: sampled.subjects.length,
      run: async (signal) => {
        try {
          const asked = { source, registry: registryOf(source), clock, milliseconds: PATIENCE_MILLISECONDS };
          const second = sideOf(sampled, await attempt(sampled, asked, inBackground(caller, signal)));
          if (signal.aborted) return;
          const sides = source === 'preg' ? sidesOf(second, known) : sidesOf(known, second);
          const { subjects } = sampled;
          await comparing.compare({ step, caller, answeredBy: first.source, subjects, sides }, signal);
        } catch (error) {
          events.emit('comparisonFailed', { correlationId, error: asAdapterError(error) });
        }
      },
    });
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

/** The same client, who does not wait. */
function inBackground(caller: Caller, signal: AbortSignal): Caller {
  return { ...caller, signal, deadline: undefined, lane: 'batch' };
}
