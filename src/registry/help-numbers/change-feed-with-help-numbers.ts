import type { ChangeFeed, ChangeInterval, IdentityChange } from '../change-feed.js';
import type { Caller } from '../person-registry.js';
import type { SearchHit } from '../search.js';
import type { OwnPeople } from './own-people.js';

/** Changes with the help numbers of this register that are linked to the people. What happens in it is not told of. */
export class ChangeFeedWithHelpNumbers implements ChangeFeed {
  constructor(
    private readonly source: ChangeFeed,
    private readonly own: OwnPeople,
  ) {}

  async changes(interval: ChangeInterval, caller: Caller): Promise<readonly SearchHit[]> {
    const hits = await this.source.changes(interval, caller);
    const linked = this.own.linkedTo(hits.map(({ person }) => person));
    return hits.map((hit) => this.own.withLinkedNumbers(hit, linked));
  }

  identityChanges(interval: ChangeInterval, caller: Caller): Promise<readonly IdentityChange[]> {
    return this.source.identityChanges(interval, caller);
  }
}
