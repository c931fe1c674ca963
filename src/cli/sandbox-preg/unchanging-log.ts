import type { ChangeLog } from '../../registry/changes/change-log.js';
import type { Clock } from '../../runtime/clock.js';

const FOLLOWER = 'sandbox-preg';
/** As long as nobody else could want the log. */
const CENTURY = 100 * 365 * 24 * 60 * 60_000;

/** A log of changes for a register that nothing happens to: whoever asks is told so, of all the time since its beginning. */
export function unchangingLog(log: ChangeLog, clock: Clock): ChangeLog {
  const start = clock.now();
  log.take(FOLLOWER, new Date(start.getTime() + CENTURY));
  log.begin(FOLLOWER, 1n);
  return {
    state: () => log.state(),
    take: (follower, until) => log.take(follower, until),
    release: (follower) => {
      log.release(follower);
    },
    begin: (follower, next) => log.begin(follower, next),
    append: (follower, page) => log.append(follower, page),
    note: (follower, progress) => {
      log.note(follower, progress);
    },
    since: (position, most) => log.since(position, most),
    read: (work) => {
      log.note(FOLLOWER, { newest: 0n, caughtUpAt: clock.now() });
      return log.read(work);
    },
  };
}
