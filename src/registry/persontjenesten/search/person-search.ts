import { TooManyHits } from '../../../errors/errors.js';
import { informationPartsFor } from '../../../mapping/information-parts.js';
import type { PersonDocument } from '../../../mapping/person-document.js';
import { numbersIn } from '../../../mapping/transforms/identity.js';
import type { Caller } from '../../person-registry.js';
import { bySearchOrder, type SearchAnswer, type SearchHit, type SearchQuery } from '../../search.js';
import type { Criteria } from '../client.js';
import { IDENTIFICATION_NUMBERS, translate, type PersontjenestenRegistryParts } from '../translation.js';
import { checkedCriteria, type CheckedCriteria } from './checked-criteria.js';
import { Judgement } from './judgement.js';
import { peopleById } from './people-by-id.js';
import { directCriteria, listedCriteria, type UpstreamCriteria } from './upstream-criteria.js';

/** The most people that `search/person` gives (persontjenesten-api 6.1); one fewer are certain to be all. */
const MOST_FOUND = 100;
/** The most people of a match list who are fetched to be judged and put in order. */
const MOST_LISTED = 1000;

/** Searches as docs/searching.md tells. */
export class PersonSearch {
  constructor(private readonly parts: PersontjenestenRegistryParts) {}

  /** @throws InvalidQuery, TooManyHits, and whatever a call fails with */
  async answer(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    const { client, mappings } = this.parts;
    const criteria = checkedCriteria(query, mappings.countries, client.version.search);
    return new OneSearch(this.parts, query, criteria, caller).answer();
  }
}

class OneSearch {
  constructor(
    private readonly parts: PersontjenestenRegistryParts,
    private readonly query: SearchQuery,
    private readonly criteria: CheckedCriteria,
    private readonly caller: Caller,
  ) {}

  async answer(): Promise<SearchAnswer> {
    const direct = directCriteria(this.criteria);
    if (direct === undefined) return this.#answerListed();
    const judgement = this.#judgementOf(direct);
    const found = await this.parts.client.searchPersons(
      this.#asked(direct),
      this.#informationParts(judgement),
      this.caller,
    );
    if (found.length < MOST_FOUND) return this.#complete(eachOnce(found), judgement);
    // A hundred may be cut, and in an order that nobody promises: a match list tells who else there is (Safety S4).
    return this.#answerListed();
  }

  /** By way of a match list, which takes intervals and leaves nobody out. */
  async #answerListed(): Promise<SearchAnswer> {
    const { client } = this.parts;
    const listed = listedCriteria(this.criteria, client.version.search);
    const judgement = this.#judgementOf(listed);
    const ids = await client.matchList(this.#asked(listed), MOST_LISTED + 1, this.caller);
    if (ids.length <= MOST_LISTED) return this.#complete(await this.#peopleById(ids, judgement), judgement);
    // Whoever is beyond those who are fetched cannot be judged.
    if (judgement.isNeeded) throw tooMany();
    const [total, people] = await Promise.all([
      client.matchCount(this.#asked(listed), this.caller),
      this.#peopleById(ids.slice(0, MOST_FOUND), judgement),
    ]);
    const hits = await this.#hits(people, judgement);
    return { hits: hits.slice(0, this.query.limit), total: Math.max(total, hits.length) };
  }

  /** Everybody whom the criteria fit. */
  async #complete(people: readonly PersonDocument[], judgement: Judgement): Promise<SearchAnswer> {
    const hits = await this.#hits(people, judgement);
    return { hits: hits.slice(0, this.query.limit), total: hits.length };
  }

  async #hits(people: readonly PersonDocument[], judgement: Judgement): Promise<readonly SearchHit[]> {
    return (await this.#numbered(people))
      .flatMap(({ content: document }) => {
        const [number] = numbersIn(document);
        if (number === undefined) return [];
        const hit = translate(this.parts, document, { nin: number.nin }, this.caller.correlationId);
        return judgement.includes({ document, person: hit.person }) ? [hit] : [];
      })
      .toSorted((a, b) => bySearchOrder(a.person, b.person));
  }

  /** Numbers out of use are listed with history alone, so who seems to have none is asked for theirs. */
  async #numbered(people: readonly PersonDocument[]): Promise<readonly PersonDocument[]> {
    const without = people.filter(({ content }) => numbersIn(content).length === 0).map(({ id }) => id);
    if (without.length === 0) return people;
    const request = { informationParts: [IDENTIFICATION_NUMBERS], includeHistory: true };
    const former = new Map(
      (await peopleById(this.parts.client, without, request, this.caller)).map(({ id, content }) => [
        id,
        content['norwegianIdentificationNumber'] ?? null,
      ]),
    );
    return people.map(({ id, content }) => ({
      id,
      content: former.has(id) ? { ...content, norwegianIdentificationNumber: former.get(id) } : content,
    }));
  }

  #peopleById(ids: readonly string[], judgement: Judgement): Promise<readonly PersonDocument[]> {
    const request = { informationParts: this.#informationParts(judgement), includeHistory: false };
    return peopleById(this.parts.client, [...new Set(ids)], request, this.caller);
  }

  #judgementOf({ left }: UpstreamCriteria): Judgement {
    return new Judgement(this.criteria, left, this.parts.mappings);
  }

  #asked({ fields }: UpstreamCriteria): Criteria {
    return { fields, includeAinResults: this.query.withHelpNumbers };
  }

  #informationParts(judgement: Judgement): readonly string[] {
    const { mappings, fill } = this.parts;
    const shown = informationPartsFor(mappings.fields, this.caller.visible, fill);
    return [...new Set([...shown, ...judgement.informationParts])].sort();
  }
}

/** A person whom upstream tells of twice is told of once. */
function eachOnce(documents: readonly PersonDocument[]): readonly PersonDocument[] {
  return [...new Map(documents.map((document) => [document.id, document])).values()];
}

function tooMany(): TooManyHits {
  return new TooManyHits('more people fit than are told of, and they cannot be counted by the same criteria');
}
