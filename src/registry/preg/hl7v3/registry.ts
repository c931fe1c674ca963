import { hl7v3Operations } from '../../../contract/hl7v3/operations.js';
import { InvalidQuery, PregRejected, TooManyHits } from '../../../errors/errors.js';
import type { CodeTables } from '../../../mapping/code-table.js';
import type { Countries } from '../../../mapping/countries.js';
import { blankPerson } from '../../../person/blank-person.js';
import { dayInNorway } from '../../../person/calendar-date.js';
import { isNationalId, type NationalId } from '../../../person/national-id.js';
import type { Clock } from '../../../runtime/clock.js';
import type { XmlElement, XmlNode } from '../../../xml/element.js';
import type {
  Caller,
  ChildrenAnswer,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
  RecordWanted,
} from '../../person-registry.js';
import { bySearchOrder, type SearchAnswer, type SearchHit, type SearchQuery } from '../../search.js';
import { sideBySide } from '../../side-by-side.js';
import { AddressMask } from '../address-mask.js';
import type { PregService } from '../preg-service.js';
import { candidatesQuery } from './candidates-query.js';
import { PregCodes } from './preg-codes.js';
import { parameter, queryMessage, type QueryParts } from './query-message.js';
import { queryReply, type QueryReply } from './query-reply.js';
import { subjectLineage } from './subject-lineage.js';
import { toldSubject, type ToldSubject } from './told-subject.js';

/** What the registry is made of. */
export interface PregHl7v3Parts extends QueryParts {
  readonly service: PregService;
  readonly codes: CodeTables;
  readonly countries: Countries;
  readonly clock: Clock;
}

const [findCandidates, getDemographics] = hl7v3Operations;

/** The old register, asked by HL7 v3. */
export class PregHl7v3Registry implements PersonRegistry {
  readonly #codes: PregCodes;
  readonly #mask: AddressMask;

  constructor(private readonly parts: PregHl7v3Parts) {
    this.#codes = new PregCodes(parts.codes);
    this.#mask = new AddressMask(parts.codes);
  }

  /**
   * PREG tells the record of the number in use, whatever number it is asked for.
   * @throws InvalidQuery for a past day or former addresses, and for a number that PREG does not take; PregRejected
   */
  async lookup({ id, ...wanted }: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    this.#requireAskable(wanted);
    const value = { attributes: { root: this.#codes.rootOf(id), extension: id } };
    const reply = await this.#ask(getDemographics, caller, [
      { name: 'parameterList', content: [parameter('identifiedPersonIdentifier', value)] },
    ]);
    if (reply.outcome === 'refused') {
      throw new InvalidQuery('identifiedPersonIdentifier', 'PREG does not take such a number');
    }
    if (reply.outcome === 'not-found') return reply;
    const [subject, ...more] = reply.subjects;
    const told = subject && toldSubject(subject, this.#codes, this.parts.countries);
    // Nothing but a record that lists the number asked for may be given (Safety S5).
    if (told?.numbers.has(id) !== true || more.length > 0) {
      throw new PregRejected('wrong-answer', 'an answer that is not about the number asked for alone');
    }
    const isOutOfUse = told.isOutOfUse && told.person.nin === id;
    return { outcome: 'found', ...this.#hit(told, true), ...(isOutOfUse ? { isOutOfUse } : {}) };
  }

  /** PREG has no message for many: each is asked for alone. Trouble with one is trouble with all (Safety S5). */
  async lookupMany(
    { ids, ...wanted }: LookupManyQuery,
    caller: Caller,
  ): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    const asked = [...new Set(ids)];
    return new Map(
      await sideBySide(asked, async (id) => [id, await this.lookup({ ...wanted, id }, caller)] as const),
    );
  }

  /** By the numbers that the parent's record tells. */
  async children(id: NationalId, caller: Caller): Promise<ChildrenAnswer> {
    const parent = await this.lookup({ id }, caller);
    if (parent.outcome === 'not-found') return parent;
    const numbers = parent.person.childrensNINs.filter(isNationalId);
    const children = await this.lookupMany({ ids: numbers }, caller);
    return {
      outcome: 'found',
      children: [...children].map(([nin, answer]) =>
        answer.outcome === 'found'
          ? answer
          : {
              person: { ...blankPerson, nin },
              lineage: new Map([['nin', { row: 'childrensNINs', sources: ['id'] }]]),
            },
      ),
    };
  }

  /**
   * The people whom PREG finds: all of them in the order of searches, or the first ones in PREG's own order with PREG's
   * total (Safety S4).
   * @throws InvalidQuery for what there is no parameter for, and for a search that PREG refuses (Safety S3); TooManyHits
   * where protected people would have to be left out of more than are told (Safety S2)
   */
  async search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    const reply = await this.#ask(findCandidates, caller, candidatesQuery(query));
    if (reply.outcome === 'refused') {
      throw new InvalidQuery('parameterList', 'PREG does not serve such a search');
    }
    if (reply.outcome === 'not-found') return { hits: [], total: 0 };
    const told = reply.subjects.map((subject) => this.#candidate(subject));
    // Who is told of twice takes the place of somebody who is not told of. What protects one of the two protects both.
    const found = this.#eachOnce(told);
    const isComplete = found.length >= reply.total;
    const hidden = query.address === undefined ? [] : found.filter(({ protection }) => protection !== null);
    if (query.address !== undefined && !isComplete) {
      throw new TooManyHits('more people fit than are told, and those in hiding have to be left out');
    }
    const hits = found.filter((one) => !hidden.includes(one)).map((one) => this.#hit(one, false));
    if (isComplete) hits.sort((a, b) => bySearchOrder(a.person, b.person));
    return { hits: hits.slice(0, query.limit), total: reply.total - hidden.length };
  }

  /** Nobody is left out without a word (Safety S4). */
  #candidate(subject: XmlElement): ToldSubject {
    const told = toldSubject(subject, this.#codes, this.parts.countries);
    if (told === undefined)
      throw new PregRejected('wrong-answer', 'a search that finds somebody without a number');
    return told;
  }

  #eachOnce(people: readonly ToldSubject[]): readonly ToldSubject[] {
    const once = new Map<string, ToldSubject>();
    for (const told of people) {
      const known = once.get(told.person.nin)?.protection ?? null;
      once.set(told.person.nin, { ...told, protection: this.#mask.higher(told.protection, known) });
    }
    return [...once.values()];
  }

  async #ask(
    operation: typeof findCandidates | typeof getDemographics,
    caller: Caller,
    query: readonly XmlNode[],
  ): Promise<QueryReply> {
    const body = queryMessage(operation, query, this.parts);
    const reply = await this.parts.service.call(
      { service: 'hl7v3', operation: operation.name, body },
      caller,
    );
    return queryReply(reply, operation);
  }

  #hit(told: ToldSubject, withLinkedNumbers: boolean): SearchHit {
    const { person, protection } = told;
    return this.#mask.masked({ person, lineage: subjectLineage(person, withLinkedNumbers) }, protection);
  }

  #requireAskable({ on, addresses }: RecordWanted): void {
    if (on !== undefined && on < dayInNorway(this.parts.clock.now())) {
      throw new InvalidQuery('date', 'a past day cannot be asked about by HL7 v3');
    }
    if (addresses === 'all') {
      throw new InvalidQuery('addresses', 'former addresses cannot be asked for by HL7 v3');
    }
  }
}
