/**
 * A follower in a process of its own, over a feed of 5 000 events, that is killed while it handles the page that it was told:
 * `before` its commit, `within` it, or `after` it. Without a page it reads to the end and ends.
 */
import { apiVersions } from '../../../src/registry/persontjenesten/api-version.js';
import { EventFollower } from '../../../src/registry/persontjenesten/events/follower.js';
import type { Clock } from '../../../src/runtime/clock.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { openTestStore } from '../../store/store-fixture.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { ScriptedFeed } from '../../support/scripted-feed.js';

const LAST = 5_001n;
const [directory = '', aheadMilliseconds = '0', point = 'never', killAt = '0'] = process.argv.slice(2);

let armed = false;
const clock: Clock = {
  now: () => {
    // The time of an event is asked for in the middle of the transaction that stores it.
    if (armed && point === 'within') process.kill(process.pid, 'SIGKILL');
    return new Date(systemClock.now().getTime() + Number(aheadMilliseconds));
  },
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
};

const feed = new ScriptedFeed();
feed.add('before');
const store = openTestStore(directory, { clock });
const log = store.changeLog;
if (log.state() === undefined) {
  log.take('first', clock.now());
  log.begin('first', 2n);
}
for (let index = 0; index < 5_000; index += 1) feed.add(`person-${index % 700}`);
let pages = 0;
const append = log.append.bind(log);
const done = new AbortController();

log.append = (follower, page) => {
  pages += 1;
  armed = pages === Number(killAt);
  if (armed && point === 'before') process.kill(process.pid, 'SIGKILL');
  const isMine = append(follower, page);
  if (armed && point === 'after') process.kill(process.pid, 'SIGKILL');
  if (page.next > LAST) done.abort();
  return isMine;
};

await new EventFollower({
  transport: feed,
  version: apiVersions[3],
  log,
  organisation: { parent: '310000027' },
  access: 'full',
  pollMilliseconds: 1,
  events: new RecordedEvents(),
  clock,
  random: systemRandom,
}).run(done.signal);
store.close();
