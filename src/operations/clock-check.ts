import type { AdapterEvents, EventListener } from './events.js';
import type { CheckResult, HealthCheck } from './health.js';

/** A difference from here on is worth a look, in seconds: proofs are good for hardly longer. */
export const CLOCK_WARNING_SECONDS = 3;

type Drift = AdapterEvents['clockDrift'];

/** Our clock, as HelseID and Persontjenesten see it. Never `failed`: whoever still has a token is served. */
export function watchClock(): { readonly listener: EventListener; readonly check: HealthCheck } {
  const drifts = new Map<Drift['holder'], Drift>();
  const listener: EventListener = (name, event) => {
    if (name === 'clockDrift' && 'holder' in event) drifts.set(event.holder, event);
  };
  return { listener, check: () => [...drifts.values()].map(judged).find(isTrouble) ?? { status: 'ok' } };
}

function judged({ holder, aheadSeconds, refused }: Drift): CheckResult {
  const name = holder === 'helseid' ? 'HelseID' : 'Persontjenesten';
  const seconds = Math.abs(aheadSeconds ?? 0);
  if (seconds >= CLOCK_WARNING_SECONDS) {
    const direction = (aheadSeconds ?? 0) > 0 ? 'ahead of' : 'behind';
    return {
      status: 'warning',
      reason: `the clock of this machine is ${seconds} s ${direction} that of ${name}`,
    };
  }
  return refused
    ? {
        status: 'warning',
        reason: `${name} refuses what was signed here as if the clock of this machine were wrong`,
      }
    : { status: 'ok' };
}

function isTrouble({ status }: CheckResult): boolean {
  return status !== 'ok';
}
