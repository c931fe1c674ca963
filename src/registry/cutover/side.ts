import type { NationalId } from '../../person/national-id.js';
import type { Attempt } from './attempt.js';
import type { SourceOutcome } from './compared-answers.js';
import type { Answered } from './comparison/comparer.js';
import type { Question } from './question.js';
import type { Source } from './route.js';

/** What one register had to say to a question, as far as it is compared. */
export interface Side {
  readonly source: Source;
  readonly milliseconds: number;
  /** What it answered instead; undefined where it answered. */
  readonly trouble: Exclude<SourceOutcome['outcome'], 'found' | 'not-found'> | undefined;
  /** What it told, by the number that was asked for; undefined in place of one for a search. */
  readonly told: ReadonlyMap<NationalId | undefined, Answered>;
}

/** What an attempt has to say of those whom a question is about, who may be fewer than were asked about. */
export function sideOf<Answer>(question: Question<Answer>, attempted: Attempt<Answer>): Side {
  const { source, milliseconds } = attempted;
  const nothing = new Map<NationalId | undefined, Answered>();
  if ('error' in attempted) return { source, milliseconds, trouble: attempted.error.code, told: nothing };
  // What was kept is told since the register does not answer.
  if (attempted.kept === 'stale-cache') {
    return { source, milliseconds, trouble: 'upstream-unavailable', told: nothing };
  }
  const subjects = new Set(question.subjects);
  const told = question
    .tellings(attempted.answer)
    .flatMap(({ subject, answered }) => (subjects.has(subject) ? [[subject, answered] as const] : []));
  return { source, milliseconds, trouble: undefined, told: new Map(told) };
}

/** How a register fared with one of those whom it was asked about, or, without one, with all of them. */
export function outcomeOf({ milliseconds, trouble, told }: Side, answered?: Answered): SourceOutcome {
  if (trouble !== undefined) return { outcome: trouble, milliseconds };
  const tellings = answered === undefined ? [...told.values()] : [answered];
  return { outcome: tellings.some(isFound) ? 'found' : 'not-found', milliseconds };
}

/** How many of those whom a register was asked about it has found; null where it did not answer. */
export function foundIn({ trouble, told }: Side): number | null {
  return trouble === undefined ? [...told.values()].filter(isFound).length : null;
}

function isFound({ question, answer }: Answered): boolean {
  return question === 'search' ? answer.total > 0 : answer.outcome === 'found';
}
