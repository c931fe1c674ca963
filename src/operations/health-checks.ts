import type { Clock } from '../runtime/clock.js';
import type { AdapterEvents, EventListener } from './events.js';
import type { CheckResult, HealthCheck } from './health.js';

/**
 * How long trouble on the other side counts. While the adapter is out of a load balancer nothing is asked and nothing
 * can be seen to work again, so a failure fades and the next request finds out.
 */
const FAILURE_COUNTS_MILLISECONDS = 60_000;

/** Whether the store takes writes: asks it to write. */
export function storeCheck(store: { writeTrouble(): string | undefined }): HealthCheck {
  return () => {
    const reason = store.writeTrouble();
    return reason === undefined ? { status: 'ok' } : { status: 'failed', reason };
  };
}

/** Flags listeners that speak HTTP without TLS beyond loopback, by the names they have in the configuration. */
export function plaintextCheck(names: readonly string[]): HealthCheck {
  return () =>
    names.length === 0
      ? { status: 'ok' }
      : { status: 'warning', reason: `without TLS beyond this machine: ${names.join(', ')}` };
}

/** A check fed by events: `listener` is subscribed to the bus, `check` registered with health. */
export interface Watch {
  readonly listener: EventListener;
  readonly check: HealthCheck;
}

/** Persontjenesten as the last call saw it. */
export function watchUpstream(clock: Clock): Watch {
  const seen = createMemory(clock);
  return {
    listener: handling({
      upstreamCalled: ({ httpStatus }) => {
        seen.remember('persontjenesten', upstreamTrouble(httpStatus));
      },
    }),
    check: () => seen.report('not called yet'),
  };
}

/** Access tokens as the last attempt for each scope saw them. */
export function watchToken(clock: Clock): Watch {
  const seen = createMemory(clock);
  return {
    listener: handling({
      tokenFetched: ({ scope }) => {
        seen.remember(scope, undefined);
      },
      tokenFailed: ({ scope, error }) => {
        seen.remember(scope, `HelseID gave no access token (${error.code})`);
      },
    }),
    check: () => seen.report('no token fetched yet'),
  };
}

function upstreamTrouble(httpStatus: number | null): string | undefined {
  if (httpStatus === null) return 'Persontjenesten gave no answer';
  const fails = httpStatus >= 500 || httpStatus === 401 || httpStatus === 403;
  return fails ? `Persontjenesten answered ${httpStatus}` : undefined;
}

type Handlers = { [Name in keyof AdapterEvents]?: (event: AdapterEvents[Name]) => void };

function handling(handlers: Handlers): EventListener {
  return (name, event) => handlers[name]?.(event);
}

interface Memory {
  remember(subject: string, trouble: string | undefined): void;
  report(unknown: string): CheckResult;
}

/** The last state of each subject, the worst of which is reported. */
function createMemory(clock: Clock): Memory {
  const states = new Map<string, { readonly at: Date; readonly trouble: string | undefined }>();
  return {
    remember: (subject, trouble) => {
      states.set(subject, { at: clock.now(), trouble });
    },
    report: (unknown) => {
      const latest = [...states.values()].sort((a, b) => b.at.getTime() - a.at.getTime());
      const failed = latest.find(({ trouble }) => trouble !== undefined);
      if (failed?.trouble !== undefined) {
        const fresh = clock.now().getTime() - failed.at.getTime() < FAILURE_COUNTS_MILLISECONDS;
        return {
          status: fresh ? 'failed' : 'warning',
          reason: fresh ? failed.trouble : `${failed.trouble} when last asked`,
          at: failed.at.toISOString(),
        };
      }
      const [last] = latest;
      return last === undefined
        ? { status: 'ok', reason: unknown }
        : { status: 'ok', at: last.at.toISOString() };
    },
  };
}
