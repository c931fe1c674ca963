import type { Clock } from '../runtime/clock.js';
import { ElapsedTime } from '../runtime/elapsed-time.js';
import { checkHints } from './check-hints.js';
import type { EventSink } from './events.js';
import type { CheckResult, Health } from './health.js';
import { ToldTrouble, type News } from './told-trouble.js';

/** How often the checks are looked at. */
const LOOK_MILLISECONDS = 5_000;

/** So many causes of one check are told apart: far more than anybody configures receivers, clients and organisations. */
const CAUSES_AT_MOST = 1_000;

/** What alerts are made of. */
export interface AlertsParts {
  readonly health: Pick<Health, 'readiness'>;
  readonly events: EventSink;
  readonly clock: Clock;
}

/** What a check that tells no causes is in trouble by. */
const ITSELF = undefined;

type Cause = string | typeof ITSELF;

/**
 * Tells once when a check of readiness begins to be in trouble, and once when that is over: by each of its causes for itself, so
 * that what is in trouble for long hides nothing that comes to it. {@link ToldTrouble} says when it is time.
 */
export class Alerts {
  /** What was told of each check. */
  readonly #told = new Map<string, Map<Cause, ToldTrouble>>();
  readonly #time: ElapsedTime;

  constructor(private readonly parts: AlertsParts) {
    this.#time = new ElapsedTime(parts.clock);
  }

  /** Looks every few seconds until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    while (!stopped()) {
      try {
        // First, since what has just been opened has had no time to be well.
        await this.parts.clock.sleep(LOOK_MILLISECONDS, signal);
      } catch (error) {
        if (stopped()) return;
        throw error;
      }
      this.look();
    }
  }

  /** Looks at every check once, and tells what has changed. */
  look(): void {
    const now = this.#time.milliseconds;
    const { checks } = this.parts.health.readiness();
    for (const [check, result] of Object.entries(checks)) {
      const told = this.#toldOf(check);
      const causes = causesOf(result);
      for (const cause of causes) {
        if (!told.has(cause) && told.size < CAUSES_AT_MOST) told.set(cause, new ToldTrouble());
      }
      for (const [cause, trouble] of told) {
        const isThere = causes.has(cause);
        // A check that is in trouble and cannot say by what says nothing of what was the matter before.
        if (!isThere && causes.has(ITSELF)) continue;
        const news = trouble.see(isThere ? result.status : 'ok', now);
        if (news !== undefined) this.#tell(check, cause, result, news);
        if (trouble.isOver) told.delete(cause);
      }
    }
  }

  #toldOf(check: string): Map<Cause, ToldTrouble> {
    const told = this.#told.get(check) ?? new Map<Cause, ToldTrouble>();
    this.#told.set(check, told);
    return told;
  }

  #tell(check: string, cause: Cause, { reason = 'no reason given' }: CheckResult, news: News): void {
    const { events } = this.parts;
    if (news.kind === 'ended') {
      events.emit('troubleEnded', { check, cause, seconds: news.milliseconds / 1_000 });
    } else {
      const hint = checkHints[check] ?? 'See the log and the page of health checks.';
      events.emit('troubleBegan', { check, cause, status: news.status, reason, hint });
    }
  }
}

function causesOf({ status, causes = [] }: CheckResult): ReadonlySet<Cause> {
  if (status === 'ok') return new Set();
  return new Set(causes.length === 0 ? [ITSELF] : causes);
}
