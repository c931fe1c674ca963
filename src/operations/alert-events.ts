import type { AdapterError } from '../errors/errors.js';
import type { Organisation } from '../registry/person-registry.js';
import type { CorrelationId } from '../runtime/correlation.js';

/** What is told of the adapter's own health. No event carries person data. */
export interface AlertEvents {
  /** A check of readiness is not well any more, or otherwise than before: told once for each cause, until it changes or ends. */
  troubleBegan: {
    /** Its name in `/health/ready`. */
    readonly check: string;
    /** Which of the things that can be the matter with it; undefined where it tells none. */
    readonly cause: string | undefined;
    readonly status: 'warning' | 'failed';
    readonly reason: string;
    /** What to do about it. */
    readonly hint: string;
  };
  /** That is over, and has been for a while; the check may still be in trouble by another cause. */
  troubleEnded: {
    readonly check: string;
    readonly cause: string | undefined;
    /** How long it lasted. */
    readonly seconds: number;
  };
  /** Persontjenesten was asked whether it is there, since nobody had asked it anything for a while. */
  registerProbed: {
    readonly correlationId: CorrelationId;
    readonly scope: string;
    readonly organisation: Organisation;
    readonly milliseconds: number;
    /** Where there was no token, or no answer. */
    readonly error?: AdapterError | undefined;
  };
}
