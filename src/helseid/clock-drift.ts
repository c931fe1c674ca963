import type { EventSink } from '../operations/events.js';
import type { Clock } from '../runtime/clock.js';

/** From here on it is worth telling: proofs are good for a second and five more (helseid 2.2). */
const WORTH_TELLING_SECONDS = 3;

/** An answer that took longer says too little about when it was written. */
const LONGEST_ROUND_TRIP_MILLISECONDS = 5_000;

/** Whose clock is looked at. */
export type ClockHolder = 'helseid' | 'persontjenesten';

/** An answer whose Date header tells the time of who wrote it. */
export interface DatedAnswer {
  readonly date: string | undefined;
  readonly askedAt: Date;
  /** Whether it refuses a proof or an assertion as a wrong clock makes it be refused. */
  readonly refusesTime: boolean;
}

interface State {
  /** Whole seconds by which our clock is ahead; undefined before the first Date header. */
  readonly aheadSeconds: number | undefined;
  readonly refusesTime: boolean;
}

/**
 * How far our clock is from that of HelseID and Persontjenesten, by the Date header of their answers. A diagnosis and nothing
 * else: no time that is sent or compared is changed by it. Told when it begins to matter, changes, or is over.
 */
export class ClockDrift {
  readonly #states = new Map<ClockHolder, State>();

  constructor(
    private readonly clock: Clock,
    private readonly events: EventSink,
  ) {}

  /** Learns from an answer, just after it came. */
  heard(holder: ClockHolder, answer: DatedAnswer): void {
    const before = this.#states.get(holder) ?? { aheadSeconds: undefined, refusesTime: false };
    const after = {
      aheadSeconds: secondsAhead(answer, this.clock.now()) ?? before.aheadSeconds,
      refusesTime: answer.refusesTime,
    };
    this.#states.set(holder, after);
    if (toldOf(before) !== toldOf(after)) {
      this.events.emit('clockDrift', {
        holder,
        aheadSeconds: after.aheadSeconds ?? null,
        refused: after.refusesTime,
      });
    }
  }
}

/** What of a state is told; the same text for two states that differ in nothing that matters. */
function toldOf({ aheadSeconds = 0, refusesTime }: State): string {
  const matters = Math.abs(aheadSeconds) >= WORTH_TELLING_SECONDS;
  return `${matters ? aheadSeconds : 0} ${refusesTime}`;
}

/**
 * By how many whole seconds our clock is ahead; undefined where the answer does not tell. The other side wrote it half the way
 * between question and answer, as far as we can tell, and its Date has lost on average half a second.
 */
export function secondsAhead(
  { date = '', askedAt }: Pick<DatedAnswer, 'date' | 'askedAt'>,
  answeredAt: Date,
): number | undefined {
  const written = Date.parse(date);
  const roundTrip = answeredAt.getTime() - askedAt.getTime();
  if (Number.isNaN(written) || roundTrip < 0 || roundTrip > LONGEST_ROUND_TRIP_MILLISECONDS) return undefined;
  const ahead = askedAt.getTime() + roundTrip / 2 - (written + 500);
  // Up from a half on, so that a difference of whole seconds is told as what it is; never -0.
  return Math.round(ahead / 1000) + 0;
}
