import { ChangesNotFollowed } from '../errors/errors.js';
import type { ChangeFeed } from './change-feed.js';

/** What tells of changes where nobody follows the feed of them: a refusal, never an empty list (Safety S3). */
export const unfollowedChanges: ChangeFeed = {
  changes: () => Promise.reject(notFollowed()),
  identityChanges: () => Promise.reject(notFollowed()),
};

function notFollowed(): ChangesNotFollowed {
  return new ChangesNotFollowed('the feed of changes is not followed');
}
