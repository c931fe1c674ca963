import { InvalidQuery } from '../../../errors/errors.js';
import type { ChangeInterval } from '../../../registry/change-feed.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';

/**
 * Reads `from` and `to` of a request for changes (contract 1.3); without `to` the interval ends now.
 * @throws InvalidQuery when `from` is missing
 */
export function intervalAsked(request: ReadRecord): ChangeInterval {
  const from = request.time('from');
  if (from === null) throw new InvalidQuery('from', 'missing');
  return { from: from.instant, to: request.time('to')?.instant };
}
