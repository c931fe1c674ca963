import type { FieldTable } from '../mapping/field-table.js';
import type { Lineage } from '../person/lineage.js';
import { blankPerson } from '../person/blank-person.js';
import type { PregPerson } from '../person/preg-person.js';
import { InvalidQuery } from '../errors/errors.js';
import type { FieldGroup } from '../person/field-groups.js';
import type { Caller, LookupAnswer, LookupQuery, PersonRegistry } from '../registry/person-registry.js';
import type { SearchAnswer, SearchQuery } from '../registry/search.js';

/** Answers with what the client's access profile grants; every other field is blank, and nothing else changes. */
export class ProfiledRegistry implements PersonRegistry {
  constructor(
    private readonly inner: PersonRegistry,
    private readonly fields: FieldTable,
  ) {}

  async lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    const answer = await this.inner.lookup(query, caller);
    if (answer.outcome === 'not-found') return answer;
    const hidden = this.#hiddenFrom(caller);
    return {
      outcome: 'found',
      person: withoutFields(answer.person, hidden),
      lineage: withoutOrigins(answer.lineage, hidden),
    };
  }

  /** What a client may not see it may not search by either: the hits would tell it. @throws InvalidQuery */
  async search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    for (const [criterion, group] of searchedGroups) {
      if (query[criterion] !== undefined && !caller.visible.has(group)) {
        throw new InvalidQuery(criterion, 'outside the access profile');
      }
    }
    const { hits, total } = await this.inner.search(query, caller);
    const hidden = this.#hiddenFrom(caller);
    return {
      hits: hits.map(({ person, lineage }) => ({
        person: withoutFields(person, hidden),
        lineage: withoutOrigins(lineage, hidden),
      })),
      total,
    };
  }

  /** Every field that is not granted row by row; the addresses count as one field. */
  #hiddenFrom({ visible }: Caller): ReadonlySet<string> {
    const granted = (name: string): boolean => {
      const rows = this.fields.rows.filter(({ target }) => fieldOf(target) === name);
      return rows.length > 0 && rows.every(({ group }) => visible.has(group));
    };
    return new Set(Object.keys(blankPerson).filter((name) => !granted(name)));
  }
}

/** The groups of fields that a search's criteria tell of. */
const searchedGroups = [
  ['name', 'names'],
  ['birth', 'birth'],
  ['gender', 'gender'],
  ['address', 'addresses'],
  ['deceased', 'status'],
  ['death', 'status'],
] as const satisfies readonly (readonly [keyof SearchQuery, FieldGroup])[];

/** The field of a person that a target or a place such as `addresses[0].st` is in. */
function fieldOf(place: string): string {
  return place.split(/[.[]/)[0] ?? place;
}

function withoutFields(person: PregPerson, hidden: ReadonlySet<string>): PregPerson {
  const blanks = Object.entries(blankPerson).filter(([name]) => hidden.has(name));
  return { ...person, ...Object.fromEntries(blanks) };
}

function withoutOrigins(lineage: Lineage, hidden: ReadonlySet<string>): Lineage {
  return new Map(
    [...lineage].map(([place, origin]) => [
      place,
      hidden.has(fieldOf(place))
        ? { row: origin.row, sources: [], blank: 'outside the access profile' }
        : origin,
    ]),
  );
}
