import { dayInNorway } from '../../../person/calendar-date.js';
import type { Clock } from '../../../runtime/clock.js';
import type { LookupAnswer } from '../../person-registry.js';
import type { SearchAnswer, SearchHit } from '../../search.js';
import type { PresenceRow } from './compared-row.js';
import type { Answered, AnswerPair, Comparer, FieldDifference } from './comparer.js';
import type { ComparisonRules } from './comparison-rules.js';
import type { Difference, Side } from './difference.js';
import { classified, type Circumstances } from './field-difference.js';
import { personDifferences } from './person-differences.js';
import { protectedNumbers } from './protection-grade.js';

const DAY = 86_400_000;

/** So many differences are about as much work as one person. */
const CLASSIFIED_IN_A_STEP = 10;

/**
 * The comparer by the rules of mappings/comparison.yaml.
 * @param clock tells what day it is: data of the last few days counts as fresher where PREG tells no day to hold it against
 */
export function createComparer(rules: ComparisonRules, clock: Clock): Comparer {
  function* inSteps(pair: AnswerPair): Generator<undefined, readonly FieldDifference[]> {
    const { pairs, row, rest } = whatToCompare(pair, rules);
    const differences: Difference[] = [];
    for (const [index, [old, fresh]] of pairs.entries()) {
      if (index > 0) yield;
      differences.push(...both(old, fresh, row, rules));
    }
    differences.push(...rest);
    if (differences.length === 0) return [];
    const circumstances: Circumstances = {
      recentSince: dayInNorway(new Date(clock.now().getTime() - rules.recentDays * DAY)),
      isByAddress: pair.preg.question === 'search' && pair.preg.isByAddress,
      protectedNumbers: protectedNumbers([...hitsOf(pair.preg), ...hitsOf(pair.persontjenesten)]),
    };
    const found: FieldDifference[] = [];
    for (const [index, difference] of differences.entries()) {
      if (index % CLASSIFIED_IN_A_STEP === 0) yield;
      found.push(classified(difference, rules, circumstances));
    }
    // An answer of a hundred people has hardly more to say than that of one.
    return eachOnce(found);
  }
  return {
    inSteps,
    compare: (pair) => {
      const steps = inSteps(pair);
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
      }
    },
  };
}

/** Everybody in an answer. */
function hitsOf(answered: Answered): readonly SearchHit[] {
  if (answered.question === 'search') return answered.answer.hits;
  if (answered.answer.outcome === 'not-found') return [];
  return answered.question === 'children' ? answered.answer.children : [answered.answer];
}

type HitPair = readonly [old: SearchHit | undefined, fresh: SearchHit | undefined];

/** Whom to hold against whom. */
interface WhatToCompare {
  readonly pairs: readonly HitPair[];
  /** What is said where there is one of a pair alone. */
  readonly row: PresenceRow;
  /** What is known to differ without that. */
  readonly rest: readonly Difference[];
}

function whatToCompare({ preg, persontjenesten }: AnswerPair, rules: ComparisonRules): WhatToCompare {
  if (preg.question === 'lookup' && persontjenesten.question === 'lookup') {
    const pair = [hitOf(preg.answer), hitOf(persontjenesten.answer)] as const;
    return { pairs: [pair], row: rules.others.person, rest: [] };
  }
  if (preg.question === 'search' && persontjenesten.question === 'search') {
    return hitsToCompare(preg.answer, persontjenesten.answer, rules);
  }
  if (preg.question === 'children' && persontjenesten.question === 'children') {
    return childrenToCompare(preg, persontjenesten, rules);
  }
  throw new RangeError('answers to different questions have nothing to compare');
}

function hitOf(answer: LookupAnswer): SearchHit | undefined {
  return answer.outcome === 'found' ? answer : undefined;
}

type Children = Extract<Answered, { question: 'children' }>;

function childrenToCompare(
  { answer: old }: Children,
  { answer: fresh }: Children,
  { others }: ComparisonRules,
): WhatToCompare {
  if (old.outcome === 'found' && fresh.outcome === 'found') {
    return { pairs: hitPairs(old.children, fresh.children), row: others.hits, rest: [] };
  }
  const outcomes = [told(undefined, old.outcome), told(undefined, fresh.outcome)] as const;
  const rest = old.outcome === fresh.outcome ? [] : [presence(others.person, ...outcomes)];
  return { pairs: [], row: others.hits, rest };
}

function hitsToCompare(old: SearchAnswer, fresh: SearchAnswer, { others }: ComparisonRules): WhatToCompare {
  const pairs = hitPairs(old.hits, fresh.hits);
  const isCut = [old, fresh].some(({ hits, total }) => total > hits.length);
  // Where one of the lists ends, who is missing may stand behind the end, and the number tells whether anybody is.
  if (!isCut) return { pairs, row: others.hits, rest: [] };
  const shared = pairs.filter(([one, other]) => one !== undefined && other !== undefined);
  // Two beginnings of a list that have nobody in common say nothing of each other: that is not the same answer.
  if (shared.length === 0 && old.hits.length > 0 && fresh.hits.length > 0) {
    const somebodyElse = told(undefined, 'others');
    return { pairs: [], row: others.hits, rest: [presence(others.hits, somebodyElse, somebodyElse)] };
  }
  const totals = [told(undefined, String(old.total)), told(undefined, String(fresh.total))] as const;
  const rest = old.total === fresh.total ? [] : [presence(others.total, ...totals)];
  return { pairs: shared, row: others.hits, rest };
}

/** What differs of one person, or that one of the two does not know anybody. */
function both(
  old: SearchHit | undefined,
  fresh: SearchHit | undefined,
  row: PresenceRow,
  rules: ComparisonRules,
): readonly Difference[] {
  if (old !== undefined && fresh !== undefined) return personDifferences(old, fresh, rules);
  if (old === fresh) return [];
  return [presence(row, told(old), told(fresh))];
}

function presence(row: PresenceRow, preg: Side, persontjenesten: Side): Difference {
  return { row, sides: { preg, persontjenesten } };
}

function told(hit: SearchHit | undefined, text?: string): Side {
  const isNobody = hit === undefined && (text === undefined || text === 'not-found');
  return { hit, placed: undefined, raw: null, normal: isNobody ? null : (text ?? 'there') };
}

/** The people of two lists by number, in whatever order: first by the number told, then by one that gave way to it. */
function hitPairs(old: readonly SearchHit[], fresh: readonly SearchHit[]): readonly HitPair[] {
  const left = new Set(fresh);
  const byNumber = grouped(fresh, ({ person }) => [person.nin]);
  const byFormer = grouped(fresh, formerNumbers);
  const take = (candidates: readonly SearchHit[] = []): SearchHit | undefined => {
    const found = candidates.find((hit) => left.has(hit));
    if (found !== undefined) left.delete(found);
    return found;
  };
  const same = old.map((one) => [one, take(byNumber.get(one.person.nin))] as const);
  const pairs = same.map(([one, other]) => {
    if (other !== undefined) return [one, other] as const;
    const successors = formerNumbers(one).flatMap((former) => byNumber.get(former) ?? []);
    return [one, take([...successors, ...(byFormer.get(one.person.nin) ?? [])])] as const;
  });
  return [...pairs, ...Array.from(left, (hit) => [undefined, hit] as const)];
}

function grouped(
  hits: readonly SearchHit[],
  numbersOf: (hit: SearchHit) => readonly (string | null)[],
): ReadonlyMap<string | null, readonly SearchHit[]> {
  const groups = new Map<string | null, SearchHit[]>();
  for (const hit of hits) {
    for (const number of numbersOf(hit)) {
      const group = groups.get(number);
      if (group === undefined) groups.set(number, [hit]);
      else group.push(hit);
    }
  }
  return groups;
}

function formerNumbers({ person: { supersededNINs, oldNIN } }: SearchHit): readonly string[] {
  return oldNIN === null ? supersededNINs : [...supersededNINs, oldNIN];
}

function eachOnce(differences: readonly FieldDifference[]): readonly FieldDifference[] {
  const once = new Map<string, FieldDifference>();
  for (const difference of differences) {
    const { field, reason, kinds } = difference;
    const key = [field, reason ?? '', kinds.preg, kinds.persontjenesten].join('\n');
    // One of which the values may be kept says more than one of somebody protected.
    if (once.get(key)?.values === undefined) once.set(key, difference);
  }
  return [...once.values()];
}
