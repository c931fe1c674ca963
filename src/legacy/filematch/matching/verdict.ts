import type { PregPerson } from '../../../person/preg-person.js';
import type { Score } from './candidate-score.js';

/** From which score on a candidate counts, and from which it is told. */
export interface Thresholds {
  readonly strongScore: number;
  readonly weakScore: number;
}

/** A person found by a search, and how well the row fits. */
export interface Candidate {
  readonly person: PregPerson;
  readonly score: Score;
}

/** What a search came to. */
export type Verdict =
  | { readonly status: '20' | '21'; readonly person: PregPerson }
  | { readonly status: '30'; readonly candidates: number }
  | { readonly status: '41' };

/** So far behind, nobody stands in the way of a strong candidate. */
const CLEAR_LEAD = 15;

/**
 * Who is meant. 20: one candidate is strong, and whoever else counts is at least 15 points behind; 21: one alone counts and is
 * weak; 30: several count; 41: nobody does. One who might be meant is enough to make a strong candidate a guess (Safety S9).
 */
export function verdictOn(candidates: readonly Candidate[], thresholds: Thresholds): Verdict {
  const counting = candidates
    .filter(({ score }) => counts(score, thresholds))
    .toSorted((a, b) => b.score.points - a.score.points);
  const [best, ...others] = counting;
  if (best === undefined) return { status: '41' };
  if (isStrong(best.score, thresholds) && others.every((other) => isClearlyBehind(other, best, thresholds))) {
    return { status: '20', person: best.person };
  }
  return others.length === 0
    ? { status: '21', person: best.person }
    : { status: '30', candidates: counting.length };
}

/** Whether anybody counts, so that nobody need be looked for in other ways. */
export function counts({ points }: Score, { weakScore }: Thresholds): boolean {
  return points >= weakScore;
}

function isStrong({ points, mayBeStrong }: Score, { strongScore }: Thresholds): boolean {
  return mayBeStrong && points >= strongScore;
}

function isClearlyBehind(other: Candidate, best: Candidate, thresholds: Thresholds): boolean {
  return !isStrong(other.score, thresholds) && other.score.points <= best.score.points - CLEAR_LEAD;
}
