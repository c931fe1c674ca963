import type { FieldTable } from '../mapping/field-table.js';
import type { FieldGroup } from '../person/field-groups.js';
import type { ChangeFeed, ChangeInterval, IdentityChange } from '../registry/change-feed.js';
import type { Caller } from '../registry/person-registry.js';
import type { SearchHit } from '../registry/search.js';
import { VisibleFields } from './visible-fields.js';

/** Tells of changes what the client's access profile grants: who is told of is no matter of the profile. */
export class ProfiledChangeFeed implements ChangeFeed {
  constructor(
    private readonly inner: ChangeFeed,
    private readonly fields: FieldTable,
  ) {}

  async changes(interval: ChangeInterval, caller: Caller): Promise<readonly SearchHit[]> {
    const hits = await this.inner.changes(interval, caller);
    const shown = new VisibleFields(this.fields, caller.visible);
    return hits.map((hit) => shown.of(hit));
  }

  async identityChanges(interval: ChangeInterval, caller: Caller): Promise<readonly IdentityChange[]> {
    const changes = await this.inner.identityChanges(interval, caller);
    const showsNumber = this.#shows('oldNIN', caller.visible);
    const showsDay = this.#shows('dateStatus', caller.visible);
    return changes.map(({ nin, oldNIN, dateStatus }) => ({
      nin,
      oldNIN: showsNumber ? oldNIN : null,
      dateStatus: showsDay ? dateStatus : null,
    }));
  }

  #shows(target: keyof IdentityChange, visible: ReadonlySet<FieldGroup>): boolean {
    return this.fields.rows.some((row) => row.target === target && visible.has(row.group));
  }
}
