import { AdapterError, asAdapterError, UpstreamTimeout } from '../../errors/errors.js';
import { alarm, type Clock } from '../../runtime/clock.js';
import type { Caller, KeptSource, PersonRegistry } from '../person-registry.js';
import type { Question } from './question.js';
import type { Source } from './route.js';

/** How one register fared with a question. */
export type Attempt<Answer> = Succeeded<Answer> | Failed;

/** It answered. */
export interface Succeeded<Answer> extends Measured {
  readonly answer: Answer;
  /** Where something of the answer did not come straight from the register. */
  readonly kept: KeptSource | undefined;
}

/** It did not. */
export interface Failed extends Measured {
  readonly error: AdapterError;
}

interface Measured {
  readonly source: Source;
  readonly milliseconds: number;
}

/** Whom to ask, and for how long at most. */
export interface Asked {
  readonly source: Source;
  readonly registry: PersonRegistry;
  readonly clock: Clock;
  /** As long as the caller waits where absent. */
  readonly milliseconds?: number | undefined;
}

/** Asks one register. What it tells its caller besides the answer is kept back, as it may be asked in vain. Never fails. */
export async function attempt<Answer>(
  question: Question<Answer>,
  { source, registry, clock, milliseconds }: Asked,
  caller: Caller,
): Promise<Attempt<Answer>> {
  const startedAt = clock.now().getTime();
  const spent = (): number => Math.max(0, clock.now().getTime() - startedAt);
  let kept: KeptSource | undefined;
  const asking: Caller = {
    ...caller,
    wantedRoute: undefined,
    onAnswered: undefined,
    onKept: (from) => {
      // Of several, the one that tells more.
      if (kept !== 'stale-cache') kept = from;
    },
  };
  try {
    const answer =
      milliseconds === undefined
        ? await question.ask(registry, asking)
        : await within(milliseconds, clock, asking, (limited) => question.ask(registry, limited));
    return { source, milliseconds: spent(), answer, kept };
  } catch (error) {
    return { source, milliseconds: spent(), error: asAdapterError(error) };
  }
}

/** Work for a caller that ends at once when time is up or the caller leaves, also when it takes no notice of that. */
async function within<Answer>(
  milliseconds: number,
  clock: Clock,
  caller: Caller,
  work: (caller: Caller) => Promise<Answer>,
): Promise<Answer> {
  const ended = new AbortController();
  const leave = (): void => {
    ended.abort(caller.signal.reason);
  };
  const over = new Promise<never>((_resolve, reject) => {
    ended.signal.addEventListener(
      'abort',
      () => {
        reject(endOf(ended.signal));
      },
      { once: true },
    );
  });
  // Nobody may be left to hear of it.
  over.catch(() => undefined);
  if (caller.signal.aborted) leave();
  caller.signal.addEventListener('abort', leave, { once: true });
  const stopAlarm = alarm(clock, milliseconds, () => {
    ended.abort(new UpstreamTimeout('no answer came in the time that one of two registers has'));
  });
  const limit = clock.now().getTime() + milliseconds;
  const deadline = new Date(Math.min(caller.deadline?.getTime() ?? limit, limit));
  try {
    return await Promise.race([over, work({ ...caller, signal: ended.signal, deadline })]);
  } finally {
    stopAlarm();
    caller.signal.removeEventListener('abort', leave);
  }
}

function endOf({ reason }: AbortSignal): AdapterError {
  return reason instanceof AdapterError ? reason : new UpstreamTimeout('no answer was ready at the deadline');
}
