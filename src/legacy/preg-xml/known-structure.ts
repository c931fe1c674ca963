import { blankAddress } from '../../person/blank-address.js';
import type { ChangeFeed } from '../../registry/change-feed.js';
import type { Caller, LookupAnswer, PersonRegistry } from '../../registry/person-registry.js';
import type { SearchHit } from '../../registry/search.js';

/**
 * PREG kept the known structure where a client may not see what is in it (contract 1.7 no. 1): instead of no address, one
 * of which nothing is told. It says nothing about the person, who has it with or without any address.
 */
export function inKnownStructure<Hit extends Pick<SearchHit, 'person'>>(
  hit: Hit,
  { visible }: Pick<Caller, 'visible'>,
): Hit {
  if (visible.has('addresses')) return hit;
  const { person } = hit;
  return { ...hit, person: { ...person, addresses: [{ ...blankAddress, nin: person.nin }] } };
}

function answerInKnownStructure(answer: LookupAnswer, caller: Caller): LookupAnswer {
  return answer.outcome === 'found' ? inKnownStructure(answer, caller) : answer;
}

/** The registry, with everybody in the known structure. */
export function peopleInKnownStructure(registry: PersonRegistry): PersonRegistry {
  return {
    lookup: async (query, caller) => answerInKnownStructure(await registry.lookup(query, caller), caller),
    lookupMany: async (query, caller) => {
      const answers = await registry.lookupMany(query, caller);
      return new Map(Array.from(answers, ([id, answer]) => [id, answerInKnownStructure(answer, caller)]));
    },
    children: async (id, caller) => {
      const answer = await registry.children(id, caller);
      if (answer.outcome === 'not-found') return answer;
      return { ...answer, children: answer.children.map((child) => inKnownStructure(child, caller)) };
    },
    search: async (query, caller) => {
      const answer = await registry.search(query, caller);
      return { ...answer, hits: answer.hits.map((hit) => inKnownStructure(hit, caller)) };
    },
  };
}

/** The changes, with everybody in the known structure. */
export function changesInKnownStructure(changes: ChangeFeed): ChangeFeed {
  return {
    changes: async (interval, caller) =>
      (await changes.changes(interval, caller)).map((hit) => inKnownStructure(hit, caller)),
    identityChanges: (interval, caller) => changes.identityChanges(interval, caller),
  };
}
