import { InvalidQuery } from '../errors/errors.js';
import type { FieldGroup } from '../person/field-groups.js';
import type { Caller } from '../registry/person-registry.js';
import type { SearchQuery } from '../registry/search.js';

/** The groups of fields that a search's criteria tell of. */
const searchedGroups = [
  ['name', 'names'],
  ['birth', 'birth'],
  ['gender', 'gender'],
  ['address', 'addresses'],
  ['deceased', 'status'],
  ['death', 'status'],
] as const satisfies readonly (readonly [keyof SearchQuery, FieldGroup])[];

/** What a client may not see it may not search by either: the hits would tell it. @throws InvalidQuery */
export function requireVisibleCriteria(query: SearchQuery, { visible }: Pick<Caller, 'visible'>): void {
  for (const [criterion, group] of searchedGroups) {
    if (query[criterion] !== undefined && !visible.has(group)) {
      throw new InvalidQuery(criterion, 'outside the access profile');
    }
  }
}
