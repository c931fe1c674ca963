import type { Logger } from './logger.js';

/** How one part is: `warning` is worth a look and leaves the adapter ready, `failed` does not. */
export type CheckStatus = 'ok' | 'warning' | 'failed';

/** What a check found. Public on the operations listener: fixed texts, times, codes and configured names, never data. */
export interface CheckResult {
  readonly status: CheckStatus;
  /** One sentence, for anything that is not plainly `ok`. */
  readonly reason?: string;
  /**
   * What is the matter, each by a name that stays the same as long as it is: a code or a configured name, never a count, an age or
   * anything about a person. Where a check can be in trouble by one thing alone, or cannot say by what, there are none.
   */
  readonly causes?: readonly string[];
  /** When the state was seen, for a state that is not asked for anew. */
  readonly at?: string;
}

/** Asks one part how it is, quickly and without waiting for the network. */
export type HealthCheck = () => CheckResult;

/** The answer of `/health/ready`. */
export interface Readiness {
  readonly status: 'ready' | 'not-ready';
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** Whether the adapter can answer, and why not. */
export interface Health {
  /** Adds a check under a name of its own. @throws RangeError for a name that is taken */
  register(name: string, check: HealthCheck): void;
  /** Asks every check. Not ready as soon as one has failed, or once stopping has begun. */
  readiness(): Readiness;
  /** From now on not ready, so that a load balancer sends nothing new while the last answers leave. */
  stopping(): void;
}

/** Health without checks; whoever has something to tell registers. */
export function createHealth(logger: Logger): Health {
  const checks = new Map<string, HealthCheck>();
  let stopping = false;

  const run = (name: string, check: HealthCheck): CheckResult => {
    try {
      return check();
    } catch (error) {
      logger.error('a health check failed', { module: 'health', check: name, error });
      return { status: 'failed', reason: 'the check itself failed; see the log' };
    }
  };

  return {
    register: (name, check) => {
      if (checks.has(name)) throw new RangeError(`there is a health check "${name}" already`);
      checks.set(name, check);
    },
    readiness: () => {
      const results = Object.fromEntries([...checks].map(([name, check]) => [name, run(name, check)]));
      const all = stopping
        ? { ...results, process: { status: 'failed', reason: 'the adapter is stopping' } as const }
        : results;
      const failed = Object.values(all).some(({ status }) => status === 'failed');
      return { status: failed ? 'not-ready' : 'ready', checks: all };
    },
    stopping: () => {
      stopping = true;
    },
  };
}
