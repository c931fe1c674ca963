import type { NationalId } from '../../person/national-id.js';
import type {
  Caller,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
  ChildrenAnswer,
} from '../person-registry.js';
import type { SearchAnswer, SearchQuery } from '../search.js';
import type { Answered } from './comparison/comparer.js';
import { criteriaOf } from './place-among-hundred.js';

/** A question that either register can be asked. */
export interface Question<Answer> {
  /** About how many people it is. */
  readonly people: number;
  /** What decides who goes by a route for some of a hundred; undefined where that was decided already. */
  readonly key?: string | undefined;
  ask(registry: PersonRegistry, caller: Caller): Promise<Answer>;
  /** What there is to compare in the answer, one for each person asked for. */
  tellings(answer: Answer): readonly Telling[];
  /** The same about those whom `isChosen` chooses; undefined where there is nobody. */
  sampled(isChosen: () => boolean): Question<Answer> | undefined;
}

/** What a register told, and of whom. */
export interface Telling {
  /** The number that was asked for; undefined for a search. */
  readonly subject: NationalId | undefined;
  readonly answered: Answered;
}

/** Asks for one person. */
export function lookupQuestion(query: LookupQuery): Question<LookupAnswer> {
  const question: Question<LookupAnswer> = {
    people: 1,
    key: query.id,
    ask: (registry, caller) => registry.lookup(query, caller),
    tellings: (answer) => [{ subject: query.id, answered: { question: 'lookup', answer } }],
    sampled: (isChosen) => (isChosen() ? question : undefined),
  };
  return question;
}

/** Asks for many people. Who of them goes by which route is decided before. */
export function lookupManyQuestion(query: LookupManyQuery): Question<ReadonlyMap<NationalId, LookupAnswer>> {
  return {
    people: query.ids.length,
    ask: (registry, caller) => registry.lookupMany(query, caller),
    tellings: (answers) =>
      [...answers].map(([subject, answer]) => ({ subject, answered: { question: 'lookup', answer } })),
    sampled: (isChosen) => {
      const ids = query.ids.filter(isChosen);
      return ids.length === 0 ? undefined : lookupManyQuestion({ ...query, ids });
    },
  };
}

/** Asks for somebody's children. */
export function childrenQuestion(id: NationalId): Question<ChildrenAnswer> {
  const question: Question<ChildrenAnswer> = {
    people: 1,
    key: id,
    ask: (registry, caller) => registry.children(id, caller),
    tellings: (answer) => [{ subject: id, answered: { question: 'children', answer } }],
    sampled: (isChosen) => (isChosen() ? question : undefined),
  };
  return question;
}

/** Searches. */
export function searchQuestion(query: SearchQuery): Question<SearchAnswer> {
  const question: Question<SearchAnswer> = {
    people: 1,
    key: criteriaOf(query),
    ask: (registry, caller) => registry.search(query, caller),
    tellings: (answer) => [{ subject: undefined, answered: { question: 'search', answer } }],
    sampled: (isChosen) => (isChosen() ? question : undefined),
  };
  return question;
}
