import type { NationalId } from '../../person/national-id.js';
import type {
  Caller,
  ChildrenAnswer,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
} from '../person-registry.js';
import type { SearchAnswer, SearchQuery } from '../search.js';
import type { CutoverParts } from './cutover.js';
import {
  childrenQuestion,
  lookupManyQuestion,
  lookupQuestion,
  searchQuestion,
  type Question,
} from './question.js';
import { answeringSource } from './route.js';
import type { Way } from './route-table.js';
import type { Routing } from './routing.js';

/** Both registers as one: each question goes the way that holds for it. */
export class CutoverRegistry implements PersonRegistry {
  constructor(private readonly parts: Pick<CutoverParts, 'registries'> & { readonly routing: Routing }) {}

  async lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    return this.#ask(lookupQuestion(query), caller);
  }

  /** Where some of a hundred people go another way, each goes its own. */
  async lookupMany(query: LookupManyQuery, caller: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    const ways = this.parts.routing.waysOf(caller);
    const groups = new Map<Way | undefined, NationalId[]>();
    for (const id of new Set(query.ids)) {
      const way = ways === undefined ? undefined : this.parts.routing.wayOf(ways, id);
      const group = groups.get(way);
      if (group === undefined) groups.set(way, [id]);
      else group.push(id);
    }
    if (groups.size === 0) return new Map();
    const answers = await Promise.all(
      [...groups].map(([way, ids]) => this.#askBy(way, lookupManyQuestion({ ...query, ids }), caller)),
    );
    const [only] = answers;
    if (only !== undefined && answers.length === 1) return only;
    const together = new Map(answers.flatMap((some) => [...some]));
    return new Map(
      [...new Set(query.ids)].flatMap((id) => {
        const answer = together.get(id);
        return answer === undefined ? [] : [[id, answer] as const];
      }),
    );
  }

  async children(id: NationalId, caller: Caller): Promise<ChildrenAnswer> {
    return this.#ask(childrenQuestion(id), caller);
  }

  async search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    return this.#ask(searchQuestion(query), caller);
  }

  async #ask<Answer>(question: Question<Answer>, caller: Caller): Promise<Answer> {
    const ways = this.parts.routing.waysOf(caller);
    const way = ways === undefined ? undefined : this.parts.routing.wayOf(ways, question.key);
    return this.#askBy(way, question, caller);
  }

  async #askBy<Answer>(way: Way | undefined, question: Question<Answer>, caller: Caller): Promise<Answer> {
    const { registries } = this.parts;
    if (way === undefined || registries.preg === undefined)
      return question.ask(registries.persontjenesten, caller);
    const source = answeringSource(way.route);
    const answer = await question.ask(
      source === 'preg' ? registries.preg : registries.persontjenesten,
      caller,
    );
    caller.onAnswered?.({ route: way.route, source });
    return answer;
  }
}
