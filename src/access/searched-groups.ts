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

/** The criteria of a search that a client may not have. */
export function hiddenCriteria(visible: ReadonlySet<FieldGroup>): readonly (keyof SearchQuery)[] {
  return searchedGroups.filter(([, group]) => !visible.has(group)).map(([criterion]) => criterion);
}

/** What a client may not see it may not search by either: the hits would tell it. @throws InvalidQuery */
export function requireVisibleCriteria(query: SearchQuery, { visible }: Pick<Caller, 'visible'>): void {
  const hidden = hiddenCriteria(visible).find((criterion) => query[criterion] !== undefined);
  if (hidden !== undefined) throw new InvalidQuery(hidden, 'outside the access profile');
}
