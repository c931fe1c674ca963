import type { NationalId } from '../../person/national-id.js';
import type {
  Caller,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
  ChildrenAnswer,
} from '../person-registry.js';
import { isByAddress, type SearchAnswer, type SearchQuery } from '../search.js';
import type { Answered } from './comparison/comparer.js';
import { criteriaOf } from './place-among-hundred.js';

/** A question that either register can be asked. */
export interface Question<Answer> {
  /** The numbers of those whom it is about, each once; undefined in place of that of whoever is searched for. */
  readonly subjects: readonly (NationalId | undefined)[];
  /** What decides who goes by a route for some of a hundred; undefined where that was decided already. */
  readonly key?: string | undefined;
  ask(registry: PersonRegistry, caller: Caller): Promise<Answer>;
  /** What is told in an answer, for each of them. */
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
    subjects: [query.id],
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
    subjects: query.ids,
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
    subjects: [id],
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
    subjects: [undefined],
    key: criteriaOf(query),
    ask: (registry, caller) => registry.search(query, caller),
    tellings: (answer) => [
      { subject: undefined, answered: { question: 'search', answer, isByAddress: isByAddress(query) } },
    ],
    sampled: (isChosen) => (isChosen() ? question : undefined),
  };
  return question;
}
