import type { Clock } from '../runtime/clock.js';
import type { EventListener } from './events.js';
import type { Watch } from './health-checks.js';
import { warningOf } from './warning.js';

/** Whether the adapter goes by what its configuration file says, as far as reloads have told. Never `failed`: it answers as before. */
export function watchConfiguration(clock: Clock): Watch {
  let isRefused = false;
  let awaitsRestart = false;
  let at: string | undefined;
  const listener: EventListener = (name, event) => {
    if (name === 'configurationRefused') isRefused = true;
    else if (name === 'configurationReloaded' && 'awaitingRestart' in event) {
      isRefused = false;
      awaitsRestart = event.awaitingRestart.length > 0;
    } else return;
    at = clock.now().toISOString();
  };
  const check = () => {
    const found = warningOf([
      ...(isRefused
        ? [
            [
              'refused',
              'the last reload met with problems, so that not all that was changed holds; see the log',
            ] as const,
          ]
        : []),
      ...(awaitsRestart ? [['restart', 'changed settings await a restart; see the log'] as const] : []),
    ]);
    return found.status === 'ok' || at === undefined ? found : { ...found, at };
  };
  return { listener, check };
}
