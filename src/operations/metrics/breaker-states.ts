import type { AdapterEvents } from '../events.js';
import type { Instruments } from './instruments.js';

type State = AdapterEvents['breakerChanged']['state'];

const states: readonly State[] = ['closed', 'open', 'half-open'];

/** Takes down whether a service is asked: always, not at all for a while, or by a call that tries. */
export type BreakerStates = (service: string, state: State) => void;

/** @see BreakerStates */
export function breakerStates(instruments: Instruments): BreakerStates {
  const current = instruments.gauge(
    'preg_adapter_breaker_state',
    '1 for the state that the breaker of a service is in, 0 for the others. While open, the service is not asked.',
    ['service', 'state'],
  );
  const opened = instruments.counter(
    'preg_adapter_breaker_opened_total',
    'How often a service was not asked any more, since too many calls failed.',
    ['service'],
  );
  const tell: BreakerStates = (service, state) => {
    for (const one of states) current.set({ service, state: one }, one === state ? 1 : 0);
    opened.inc({ service }, state === 'open' ? 1 : 0);
  };
  tell('persontjenesten', 'closed');
  return tell;
}
