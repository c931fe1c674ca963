import { formatPath, type ConfigurationProblem } from './problems.js';
import { valueAt } from './settings-tree.js';

/** Five minutes less one for the turn itself: beyond that what is kept would hardly answer (docs/cache.md). */
const LONGEST_POLL_WITH_CACHE = 240;

/**
 * What keeping documents demands of other settings: a feed that tells when what is kept has changed (Safety S10), and ages in
 * their order.
 */
export function cacheContradictions(settings: unknown): ConfigurationProblem[] {
  const path = ['upstream', 'cache'];
  const isOn = valueAt(settings, [...path, 'enabled']) === true;
  const problems: ConfigurationProblem[] = [];
  if (isOn && valueAt(settings, ['events', 'enabled']) !== true) {
    problems.push({
      path: formatPath([...path, 'enabled']),
      found: 'true while events.enabled is not',
      expected: 'events.enabled: true beside it, since the event feed tells who has changed',
    });
  }
  const pollSeconds = valueAt(settings, ['events', 'pollSeconds']);
  if (isOn && typeof pollSeconds === 'number' && pollSeconds > LONGEST_POLL_WITH_CACHE) {
    problems.push({
      path: 'events.pollSeconds',
      found: `${pollSeconds} with upstream.cache.enabled: true`,
      expected: `at most ${LONGEST_POLL_WITH_CACHE} beside it, since the cache answers for five minutes after the feed was read`,
    });
  }
  if (!isOn && valueAt(settings, [...path, 'staleWhileDown']) === true) {
    problems.push({
      path: formatPath([...path, 'staleWhileDown']),
      found: 'true without a cache',
      expected: 'upstream.cache.enabled: true beside it, since nothing is kept without',
    });
  }
  const maxAge = valueAt(settings, [...path, 'maxAgeSeconds']) ?? 300;
  const staleMaxAge = valueAt(settings, [...path, 'staleMaxAgeMinutes']) ?? 60;
  const isStaleGiven = isOn && valueAt(settings, [...path, 'staleWhileDown']) === true;
  if (isStaleGiven && typeof maxAge === 'number' && typeof staleMaxAge === 'number') {
    const most = staleMaxAge * 60;
    if (maxAge > most) {
      problems.push({
        path: formatPath([...path, 'maxAgeSeconds']),
        found: `${maxAge} beside ${formatPath([...path, 'staleMaxAgeMinutes'])}: ${staleMaxAge}`,
        expected: `at most ${most} beside it, since what is kept has to be young enough to answer while the register is down`,
      });
    }
  }
  return problems;
}
