import type { Clock } from '../../runtime/clock.js';

/** What speaks for and against the new register. */
export interface Evidence {
  /** Questions it was asked by clients. */
  readonly answers: number;
  /** Of these so many in vain. */
  readonly failures: number;
  /** Answers of both registers that were held against each other. */
  readonly compared: number;
  /** Of these so many that differ in a way that no rule expects. */
  readonly unexplained: number;
  /** Of these so many that differ in who somebody is. */
  readonly identity: number;
}

/** None at all. */
export const noEvidence: Evidence = { answers: 0, failures: 0, compared: 0, unexplained: 0, identity: 0 };

/** In so many steps the window moves on. */
const SLICES = 10;

interface Slice {
  readonly number: number;
  evidence: Evidence;
}

/** The evidence of the latest time; what is older than the window is forgotten, a tenth of the window at a time. */
export class EvidenceWindow {
  #slices: Slice[] = [];

  constructor(
    private readonly milliseconds: number,
    private readonly clock: Clock,
  ) {}

  add(evidence: Partial<Evidence>): void {
    const number = this.#now;
    this.#forget(number);
    let slice = this.#slices.at(-1);
    if (slice?.number !== number) {
      slice = { number, evidence: noEvidence };
      this.#slices.push(slice);
    }
    slice.evidence = sum(slice.evidence, { ...noEvidence, ...evidence });
  }

  /** All of it. */
  get evidence(): Evidence {
    this.#forget(this.#now);
    return this.#slices.reduce((total, { evidence }) => sum(total, evidence), noEvidence);
  }

  get #now(): number {
    return Math.floor((this.clock.now().getTime() * SLICES) / this.milliseconds);
  }

  /** What seems to lie ahead was seen before the clock was set back, and nobody knows when. */
  #forget(now: number): void {
    this.#slices = this.#slices.filter(({ number }) => number > now - SLICES && number <= now);
  }
}

function sum(one: Evidence, other: Evidence): Evidence {
  return {
    answers: one.answers + other.answers,
    failures: one.failures + other.failures,
    compared: one.compared + other.compared,
    unexplained: one.unexplained + other.unexplained,
    identity: one.identity + other.identity,
  };
}
