import { UpstreamInvalidAnswer } from '../../errors/errors.js';
import type { NationalId } from '../../person/national-id.js';
import type {
  Caller,
  ChildrenAnswer,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
  RecordWanted,
} from '../person-registry.js';
import { bySearchOrder, type SearchAnswer, type SearchHit, type SearchQuery } from '../search.js';
import type { HelpNumberEntry } from './help-number-repository.js';
import { supersededRecord, type OwnPeople } from './own-people.js';

/** A registry together with the adapter's own register of help numbers: one answer, one number per person. */
export class RegistryWithHelpNumbers implements PersonRegistry {
  constructor(
    private readonly source: PersonRegistry,
    private readonly own: OwnPeople,
  ) {}

  /**
   * A number given out here is answered from here; a superseded one with the person of the survivor (preg-hl7v3 4.2).
   * This register tells what it knows now, whatever the day.
   * @throws StoreFailed; UpstreamInvalidAnswer for a survivor that the source does not know any more
   */
  async lookup({ id, ...wanted }: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    const entry = this.own.find(id);
    const own = this.#ownAnswer(entry, wanted, caller);
    if (own !== undefined) return own;
    const asked = askedUpstream(id, entry);
    const answer = await this.source.lookup({ ...upstreamWanted(asked, wanted), id: asked.number }, caller);
    const hit = answer.outcome === 'found' ? this.own.withLinkedNumbers(answer) : undefined;
    return complete(asked, answer, hit, wanted);
  }

  /** Each number as {@link lookup} answers it. @throws as lookup does */
  async lookupMany(
    { ids, ...wanted }: LookupManyQuery,
    caller: Caller,
  ): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    const asked = [...new Set(ids)];
    const entries = this.own.findAll(asked);
    const own = new Map(
      [...entries].map(([id, entry]) => [id, this.#ownAnswer(entry, wanted, caller)] as const),
    );
    const elsewhere = asked
      .filter((id) => own.get(id) === undefined)
      .map((id) => askedUpstream(id, entries.get(id)));
    const [direct, survivors] = await Promise.all(
      [false, true].map((isSurvivor) => {
        const group = elsewhere.filter((one) => isSurvivorOf(one) === isSurvivor);
        return this.#upstream(group, wanted, caller);
      }),
    );
    return new Map(
      asked.flatMap((id) => {
        const answer = own.get(id) ?? direct?.get(id) ?? survivors?.get(id);
        return answer === undefined ? [] : [[id, answer] as const];
      }),
    );
  }

  /** People of this register have no children here; a survivor's are those that the source tells. @throws as lookup does */
  async children(id: NationalId, caller: Caller): Promise<ChildrenAnswer> {
    const entry = this.own.find(id);
    if (this.#ownAnswer(entry, {}, caller) !== undefined) return { outcome: 'found', children: [] };
    const asked = askedUpstream(id, entry);
    const answer = await this.source.children(asked.number, caller);
    if (answer.outcome === 'not-found') {
      if (isSurvivorOf(asked)) throw unknownSurvivor();
      return answer;
    }
    const linked = this.own.linkedTo(answer.children.map(({ person }) => person));
    const children = answer.children.map((child) => this.own.withLinkedNumbers(child, linked));
    return { outcome: 'found', children };
  }

  /** What this register answers by itself; undefined for a number that the source is to be asked about. */
  #ownAnswer(
    entry: HelpNumberEntry | undefined,
    { record }: RecordWanted,
    caller: Caller,
  ): LookupAnswer | undefined {
    if (entry === undefined) return undefined;
    if (entry.survivor === null) return { outcome: 'found', ...this.own.current(entry, caller) };
    const survivor = this.own.find(entry.survivor);
    if (survivor === undefined) return undefined;
    const hit = this.own.current(survivor, caller);
    return { outcome: 'found', ...(record === 'asked' ? supersededRecord(hit, entry.number) : hit) };
  }

  async #upstream(
    group: readonly AskedUpstream[],
    wanted: RecordWanted,
    caller: Caller,
  ): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    const [first] = group;
    if (first === undefined) return new Map();
    const ids = group.map(({ number }) => number);
    const answers = await this.source.lookupMany({ ...upstreamWanted(first, wanted), ids }, caller);
    const people = [...answers.values()].flatMap((answer) =>
      answer.outcome === 'found' ? [answer.person] : [],
    );
    const linked = this.own.linkedTo(people);
    return new Map(
      group.map((asked) => {
        const answer = answers.get(asked.number);
        if (answer === undefined) throw new UpstreamInvalidAnswer('a number was not answered');
        const hit = answer.outcome === 'found' ? this.own.withLinkedNumbers(answer, linked) : undefined;
        return [asked.id, complete(asked, answer, hit, wanted)];
      }),
    );
  }

  /** The hits of both. What the source refuses to search for is refused (Safety S3). */
  async search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    const upstream = await this.source.search(query, caller);
    const linked = this.own.linkedTo(upstream.hits.map(({ person }) => person));
    const hits = upstream.hits.map((hit) => this.own.withLinkedNumbers(hit, linked));
    if (!query.withHelpNumbers) return { hits, total: upstream.total };
    const own = await this.own.search(query, caller);
    return {
      hits: [...hits, ...own].sort((a, b) => bySearchOrder(a.person, b.person)).slice(0, query.limit),
      total: upstream.total + own.length,
    };
  }
}

/** A number that was asked for, and the number to ask the source for: its own, or that of the survivor of a link. */
interface AskedUpstream {
  readonly id: NationalId;
  readonly number: NationalId;
}

function askedUpstream(id: NationalId, entry: HelpNumberEntry | undefined): AskedUpstream {
  return { id, number: entry?.survivor ?? id };
}

/** What the source answered, with what is known of linked numbers here. @param hit the answer's, with these numbers */
function complete(
  asked: AskedUpstream,
  answer: LookupAnswer,
  hit: SearchHit | undefined,
  { record }: RecordWanted,
): LookupAnswer {
  if (!isSurvivorOf(asked)) return { ...answer, ...hit };
  // What was known before the link is no answer: it may be about a person who is protected by now (Safety S1, S9).
  if (hit === undefined) throw unknownSurvivor();
  if (!hit.person.supersededNINs.includes(asked.id)) {
    throw new UpstreamInvalidAnswer('the document does not list the survivor of a link');
  }
  return { outcome: 'found', ...(record === 'asked' ? supersededRecord(hit, asked.id) : hit) };
}

function isSurvivorOf({ id, number }: AskedUpstream): boolean {
  return id !== number;
}

/** Of a survivor the record is wanted that answers now: what is asked for is the record of the linked number. */
function upstreamWanted(asked: AskedUpstream, wanted: RecordWanted): RecordWanted {
  return isSurvivorOf(asked) ? { ...wanted, record: 'current' } : wanted;
}

function unknownSurvivor(): UpstreamInvalidAnswer {
  return new UpstreamInvalidAnswer('the survivor of a link is not known');
}
