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
import type { PregServiceName } from './preg-service.js';

/** The old register in each of its dialects; undefined for a service whose address is not known. */
export type PregDialects = Readonly<Record<PregServiceName, PersonRegistry | undefined>>;

/**
 * The old register. Who asks by HL7 v3 is answered by PREG's HL7 v3, so that an answer tells what that service told; everybody
 * else by Personregister-XML, which tells most. Where one of the two services has no address, the other answers for it.
 */
export class PregRegistry implements PersonRegistry {
  readonly #dialects: readonly [PersonRegistry, ...PersonRegistry[]];

  /** @throws TypeError where no service has an address */
  constructor(private readonly dialects: PregDialects) {
    const [first, ...more] = [dialects['preg-xml'], dialects.hl7v3].filter((one) => one !== undefined);
    if (first === undefined) throw new TypeError('neither service of PREG has an address');
    this.#dialects = [first, ...more];
  }

  lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    return this.#for(caller).lookup(query, caller);
  }

  lookupMany(query: LookupManyQuery, caller: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    return this.#for(caller).lookupMany(query, caller);
  }

  children(id: NationalId, caller: Caller): Promise<ChildrenAnswer> {
    return this.#for(caller).children(id, caller);
  }

  search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    return this.#for(caller).search(query, caller);
  }

  #for({ protocol }: Caller): PersonRegistry {
    return this.dialects[protocol === 'hl7v3' ? 'hl7v3' : 'preg-xml'] ?? this.#dialects[0];
  }
}
