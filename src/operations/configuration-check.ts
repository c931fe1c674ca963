import type { Clock } from '../runtime/clock.js';
import type { EventListener } from './events.js';
import type { CheckResult } from './health.js';
import type { Watch } from './health-checks.js';

/** Whether the adapter goes by what its configuration file says, as far as reloads have told. Never `failed`: it answers as before. */
export function watchConfiguration(clock: Clock): Watch {
  let found: CheckResult = { status: 'ok' };
  const listener: EventListener = (name, event) => {
    const at = clock.now().toISOString();
    if (name === 'configurationRefused') {
      found = {
        status: 'warning',
        reason: 'the last reload met with problems, so that not all that was changed holds; see the log',
        at,
      };
    }
    if (name === 'configurationReloaded' && 'awaitingRestart' in event) {
      found =
        event.awaitingRestart.length === 0
          ? { status: 'ok' }
          : { status: 'warning', reason: 'changed settings await a restart; see the log', at };
    }
  };
  return { listener, check: () => found };
}
