import { fieldGroups } from '../../src/person/field-groups.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import type { Change } from '../../src/registry/help-number-register.js';
import type { HelpNumberRepository } from '../../src/registry/help-numbers/help-number-repository.js';
import { HelpNumbers } from '../../src/registry/help-numbers/help-numbers.js';
import { NumberSeries, type SeriesRange } from '../../src/registry/help-numbers/number-series.js';
import { numbersOf, OwnPeople } from '../../src/registry/help-numbers/own-people.js';
import { RegistryWithHelpNumbers } from '../../src/registry/help-numbers/registry-with-help-numbers.js';
import type {
  Caller,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
} from '../../src/registry/person-registry.js';
import type { SearchQuery } from '../../src/registry/search.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import type { Random } from '../../src/runtime/random.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { memoryStore } from './memory-store.js';
import { mappings } from './person-documents.js';
import { RecordedEvents } from './recorded-events.js';
import { StandingClock } from './standing-clock.js';

/** NHN's range for tests. */
export const testSeries: readonly SeriesRange[] = [{ from: '800000000', to: '800009998' }];

/** A source that knows the people it is given, and whose troubles a test decides. */
export class KnownPeople implements PersonRegistry {
  readonly lookups: { readonly id: NationalId; readonly visible: Caller['visible'] }[] = [];
  readonly searches: SearchQuery[] = [];
  /** Numbers that are out of use, with none in their place. */
  readonly outOfUse = new Set<NationalId>();
  /** What a question fails with, while it is set. */
  lookupTrouble: Error | undefined;
  searchTrouble: Error | undefined;

  constructor(readonly people: PregPerson[] = []) {}

  lookup({ id }: LookupQuery, { visible }: Caller): ReturnType<PersonRegistry['lookup']> {
    this.lookups.push({ id, visible });
    if (this.lookupTrouble !== undefined) return Promise.reject(this.lookupTrouble);
    const person = this.people.find((known) => numbersOf(known).includes(id));
    if (person === undefined) return Promise.resolve({ outcome: 'not-found' });
    const state = this.outOfUse.has(id) ? { isOutOfUse: true as const } : {};
    return Promise.resolve({ outcome: 'found', person, lineage: new Map(), ...state });
  }

  async lookupMany(
    { ids, ...wanted }: LookupManyQuery,
    caller: Caller,
  ): ReturnType<PersonRegistry['lookupMany']> {
    const answers = await Promise.all(
      ids.map(async (id) => [id, await this.lookup({ ...wanted, id }, caller)] as const),
    );
    return new Map(answers);
  }

  async children(id: NationalId, caller: Caller): ReturnType<PersonRegistry['children']> {
    const parent = await this.lookup({ id }, caller);
    if (parent.outcome === 'not-found') return parent;
    const numbers = parent.person.childrensNINs;
    const children = this.people.filter(({ nin }) => numbers.includes(nin));
    return { outcome: 'found', children: children.map((person) => ({ person, lineage: new Map() })) };
  }

  /** Everybody whose given and family names begin as sought, and who was born in the range. */
  search(query: SearchQuery): ReturnType<PersonRegistry['search']> {
    this.searches.push(query);
    if (this.searchTrouble !== undefined) return Promise.reject(this.searchTrouble);
    const { name, birth } = query;
    const begins = (text: string | null, sought = ''): boolean =>
      (text ?? '').startsWith(sought.toUpperCase());
    const found = this.people.filter(
      ({ givenName, sn, dateOfBirth }) =>
        begins(givenName, name?.given) &&
        begins(sn, name?.family) &&
        (birth?.from === undefined || (dateOfBirth ?? '') >= birth.from) &&
        (birth?.to === undefined || (dateOfBirth ?? '9') <= birth.to),
    );
    const hits = found.map((person) => ({ person, lineage: new Map() }));
    return Promise.resolve({ hits: hits.slice(0, query.limit), total: hits.length });
  }
}

/** The register of help numbers over a source, with everything that a test looks at. */
export interface HelpNumberBench {
  readonly register: HelpNumbers;
  readonly registry: RegistryWithHelpNumbers;
  readonly repository: HelpNumberRepository;
  readonly source: KnownPeople;
  readonly events: RecordedEvents;
  readonly clock: StandingClock;
}

/** What a bench is made of where it matters. */
export interface BenchParts {
  readonly people?: PregPerson[];
  readonly series?: readonly SeriesRange[];
  readonly repository?: HelpNumberRepository;
  readonly random?: Random;
  readonly fill?: 'faithful' | 'rich';
}

/** Puts the register together over a store in memory. */
export function helpNumberBench({
  people = [],
  series = testSeries,
  repository = memoryStore().helpNumbers,
  random = systemRandom,
  fill = 'faithful',
}: BenchParts = {}): HelpNumberBench {
  const source = new KnownPeople(people);
  const events = new RecordedEvents();
  const clock = new StandingClock('2025-03-01T12:00:00Z');
  const own = new OwnPeople({ repository, mapping: { countries: mappings.countries, fill }, events });
  return {
    register: new HelpNumbers({
      repository,
      people: own,
      source,
      series: new NumberSeries(series, random),
      clock,
    }),
    registry: new RegistryWithHelpNumbers(source, own),
    repository,
    source,
    events,
    clock,
  };
}

/** Somebody who may see everything. */
export function callerOf(change: Partial<Caller> = {}): Caller {
  return {
    clientId: 'ward-system',
    organisation: { parent: '310000027' },
    access: 'full',
    visible: new Set(fieldGroups),
    correlationId: newCorrelationId(systemRandom),
    signal: new AbortController().signal,
    ...change,
  };
}

/** A change on behalf of that caller, by a message without id. */
export function changeBy(change: Partial<Change> = {}): Change {
  return { caller: callerOf(), messageId: undefined, requester: undefined, ...change };
}

/** The number that was given out. @throws Error when none was */
export async function numberAdded(answer: ReturnType<HelpNumbers['add']>): Promise<NationalId> {
  const added = await answer;
  if (added.outcome === 'refused') throw new Error(`refused: ${added.rule}`);
  return added.hit.person.nin;
}
