import type { Contract } from '../../../contract/preg-xml/contract.js';
import type { CodeTables } from '../../../mapping/code-table.js';
import type { Countries } from '../../../mapping/countries.js';
import type { NationalId } from '../../../person/national-id.js';
import type { Clock } from '../../../runtime/clock.js';
import type {
  Caller,
  ChildrenAnswer,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
} from '../../person-registry.js';
import type { SearchAnswer, SearchQuery } from '../../search.js';
import type { PregService } from '../preg-service.js';
import { PersonLookup, type LookupParts } from './lookup.js';
import { lookUpMany } from './lookup-many.js';
import { PersonService } from './person-service.js';
import { searchPeople } from './search.js';
import { ToldPeople } from './told-people.js';

/** What the registry is made of. */
export interface PersonregisterParts {
  readonly service: PregService;
  /** Version 2018, which what a PREG of 2016 sends is part of. */
  readonly contract: Contract;
  readonly codes: CodeTables;
  readonly countries: Countries;
  readonly clock: Clock;
}

/** The old register, asked by Personregister-XML. */
export class PersonregisterRegistry implements PersonRegistry {
  readonly #parts: LookupParts;

  constructor({ service, contract, codes, countries, clock }: PersonregisterParts) {
    this.#parts = {
      service: new PersonService(service, contract),
      people: new ToldPeople(codes, countries),
      clock,
    };
  }

  lookup({ id, ...wanted }: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    return new PersonLookup(this.#parts, wanted, caller).answer(id);
  }

  lookupMany(query: LookupManyQuery, caller: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    return lookUpMany(this.#parts, query, caller);
  }

  /** A child without a number is told of by nobody. */
  async children(id: NationalId, caller: Caller): Promise<ChildrenAnswer> {
    const { service, people } = this.#parts;
    const children = await service.children(id, caller);
    if (children === null) return { outcome: 'not-found' };
    const told = children.flatMap((record) => people.read(record) ?? []);
    return { outcome: 'found', children: told.map((child) => people.hit(child, 'current')) };
  }

  search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    return searchPeople(this.#parts, query, caller);
  }
}
