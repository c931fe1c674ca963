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

/**
 * The comparer by the rules of mappings/comparison.yaml.
 * @param clock tells what day it is: data of the last few days counts as fresher where PREG tells no day to hold it against
 */
export function createComparer(rules: ComparisonRules, clock: Clock): Comparer {
  return {
    compare: (pair) => {
      const differences = answerDifferences(pair, rules);
      if (differences.length === 0) return [];
      const circumstances: Circumstances = {
        recentSince: dayInNorway(new Date(clock.now().getTime() - rules.recentDays * DAY)),
        protectedNumbers: protectedNumbers([...hitsOf(pair.preg), ...hitsOf(pair.persontjenesten)]),
      };
      // An answer of a hundred people has hardly more to say than that of one.
      return eachOnce(differences.map((found) => classified(found, rules, circumstances)));
    },
  };
}

/** Everybody in an answer. */
function hitsOf(answered: Answered): readonly SearchHit[] {
  if (answered.question === 'search') return answered.answer.hits;
  if (answered.answer.outcome === 'not-found') return [];
  return answered.question === 'children' ? answered.answer.children : [answered.answer];
}

function answerDifferences(
  { preg, persontjenesten }: AnswerPair,
  rules: ComparisonRules,
): readonly Difference[] {
  if (preg.question === 'lookup' && persontjenesten.question === 'lookup') {
    return both(hitOf(preg.answer), hitOf(persontjenesten.answer), rules.others.person, rules);
  }
  if (preg.question === 'search' && persontjenesten.question === 'search') {
    return searchDifferences(preg.answer, persontjenesten.answer, rules);
  }
  if (preg.question === 'children' && persontjenesten.question === 'children') {
    return childrenDifferences(preg, persontjenesten, rules);
  }
  throw new RangeError('answers to different questions have nothing to compare');
}

function hitOf(answer: LookupAnswer): SearchHit | undefined {
  return answer.outcome === 'found' ? answer : undefined;
}

type Children = Extract<Answered, { question: 'children' }>;

function childrenDifferences(
  { answer: old }: Children,
  { answer: fresh }: Children,
  rules: ComparisonRules,
): readonly Difference[] {
  if (old.outcome === 'found' && fresh.outcome === 'found') {
    return hitPairs(old.children, fresh.children).flatMap(([one, other]) =>
      both(one, other, rules.others.hits, rules),
    );
  }
  return old.outcome === fresh.outcome
    ? []
    : [presence(rules.others.person, told(undefined, old.outcome), told(undefined, fresh.outcome))];
}

function searchDifferences(
  old: SearchAnswer,
  fresh: SearchAnswer,
  rules: ComparisonRules,
): readonly Difference[] {
  const pairs = hitPairs(old.hits, fresh.hits);
  const isCut = [old, fresh].some(({ hits, total }) => total > hits.length);
  // Where one of the lists ends, who is missing may stand behind the end, and the number tells whether anybody is.
  if (!isCut) return pairs.flatMap(([one, other]) => both(one, other, rules.others.hits, rules));
  const shared = pairs.filter(([one, other]) => one !== undefined && other !== undefined);
  const differences = shared.flatMap(([one, other]) => both(one, other, rules.others.hits, rules));
  if (old.total === fresh.total) return differences;
  const sides = [told(undefined, String(old.total)), told(undefined, String(fresh.total))] as const;
  return [...differences, presence(rules.others.total, ...sides)];
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
function hitPairs(
  old: readonly SearchHit[],
  fresh: readonly SearchHit[],
): readonly (readonly [old: SearchHit | undefined, fresh: SearchHit | undefined])[] {
  const left = new Set(fresh);
  const take = (isMeant: (hit: SearchHit) => boolean): SearchHit | undefined => {
    const found = [...left].find(isMeant);
    if (found !== undefined) left.delete(found);
    return found;
  };
  const byNumber = old.map((one) => [one, take(({ person }) => person.nin === one.person.nin)] as const);
  const pairs = byNumber.map(([one, other]) => [one, other ?? take((hit) => isSuccessor(one, hit))] as const);
  return [...pairs, ...Array.from(left, (hit) => [undefined, hit] as const)];
}

/** Whether the number of one is a former number of the other. */
function isSuccessor({ person: one }: SearchHit, { person: other }: SearchHit): boolean {
  return formerNumbers(one).includes(other.nin) || formerNumbers(other).includes(one.nin);
}

function formerNumbers({ supersededNINs, oldNIN }: SearchHit['person']): readonly (string | null)[] {
  return [...supersededNINs, oldNIN];
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
