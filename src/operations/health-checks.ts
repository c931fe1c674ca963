import {
  PregRejected,
  PregUnavailable,
  TokenRefused,
  TokenUnavailable,
  type AdapterError,
} from '../errors/errors.js';
import type { Organisation } from '../registry/person-registry.js';
import type { Clock } from '../runtime/clock.js';
import { Span } from '../runtime/span.js';
import type { AdapterEvents, EventListener } from './events.js';
import type { CheckResult, HealthCheck } from './health.js';

/**
 * How long trouble on the other side counts. While the adapter is out of a load balancer nothing is asked and nothing
 * can be seen to work again, so a failure fades and the next request finds out.
 */
const FAILURE_COUNTS_MILLISECONDS = 60_000;

/** After so long, trouble that nobody met again is not told any more. */
const FORGOTTEN_MILLISECONDS = 24 * 60 * 60_000;

const LEFT_ALONE = 'Persontjenesten wants to be left alone, and no call is made';

/** Whether the store takes writes: asks it to write. */
export function storeCheck(store: { writeTrouble(): string | undefined }): HealthCheck {
  return () => {
    const reason = store.writeTrouble();
    return reason === undefined ? { status: 'ok' } : { status: 'failed', reason };
  };
}

/** Flags listeners that speak HTTP without TLS, by the names they have in the configuration. */
export function plaintextCheck(names: readonly string[]): HealthCheck {
  return () =>
    names.length === 0 ? { status: 'ok' } : { status: 'warning', reason: `without TLS: ${names.join(', ')}` };
}

/** A check fed by events: `listener` is subscribed to the bus, `check` registered with health. */
export interface Watch {
  readonly listener: EventListener;
  readonly check: HealthCheck;
}

/**
 * Persontjenesten as the last call saw it. While no calls are made, since too many failed, it has failed; once one may be made
 * again that only warns, so that somebody asks and it is seen to work again. So does a pause that it asked for, also when a call
 * that was under way went well.
 */
export function watchUpstream(clock: Clock): Watch {
  const seen = new LastSeen(clock);
  let suspended: { readonly at: string; readonly until: number } | undefined;
  let pause: { readonly at: string; readonly span: Span } | undefined;
  return {
    listener: handling({
      callsHeldBack: ({ seconds }) => {
        pause = { at: clock.now().toISOString(), span: new Span(clock, seconds * 1_000) };
      },
      upstreamCalled: ({ httpStatus }) => {
        seen.remember('persontjenesten', upstreamTrouble(httpStatus));
      },
      breakerChanged: ({ state, retryInSeconds = 0 }) => {
        const now = clock.now();
        suspended =
          state === 'closed'
            ? undefined
            : { at: now.toISOString(), until: now.getTime() + retryInSeconds * 1_000 };
      },
    }),
    check: () => {
      if (suspended === undefined) {
        const result = seen.report('not called yet');
        if (pause === undefined || pause.span.left === 0 || result.status === 'failed') return result;
        const causes = new Set(['busy', ...(result.causes ?? [])]);
        return { status: 'warning', reason: LEFT_ALONE, causes: [...causes], at: pause.at };
      }
      const { at, until } = suspended;
      const failing = 'too many calls to Persontjenesten failed';
      const causes = ['unavailable'];
      return clock.now().getTime() < until
        ? { status: 'failed', reason: `${failing}, and none is made`, causes, at }
        : { status: 'warning', reason: `${failing}, and the next one finds out`, causes, at };
    },
  };
}

/**
 * Access tokens as the last attempt for each scope and organisation saw them. While any token is handed out the adapter counts as
 * ready: a single organisation that HelseID refuses must not take the others with it.
 */
export function watchToken(clock: Clock): Watch {
  const seen = new LastSeen(clock);
  const held = new Map<string, Date>();
  return {
    listener: handling({
      tokenFetched: ({ scope, organisation, freshUntil }) => {
        const subject = subjectOf(scope, organisation);
        seen.remember(subject, undefined);
        held.set(subject, freshUntil);
      },
      tokenDropped: ({ scope, organisation }) => {
        held.delete(subjectOf(scope, organisation));
      },
      tokenFailed: ({ scope, organisation, error }) => {
        seen.remember(subjectOf(scope, organisation), noToken(error, scope, organisation));
      },
      // While HelseID is left alone nothing else is told of it.
      registerProbed: ({ scope, organisation, error }) => {
        const isOfToken = error instanceof TokenUnavailable || error instanceof TokenRefused;
        if (isOfToken || error === undefined) {
          seen.remember(
            subjectOf(scope, organisation),
            isOfToken ? noToken(error, scope, organisation) : undefined,
          );
        }
      },
    }),
    check: () => {
      const result = seen.report('no token fetched yet');
      const now = clock.now();
      const isServed = [...held.values()].some((freshUntil) => now < freshUntil);
      return isServed && result.status === 'failed' ? { ...result, status: 'warning' } : result;
    },
  };
}

/** PREG does its work where a call ends like this. */
const asAnswered: ReadonlySet<string> = new Set(['answered', 'preg-rejected', 'preg-refused']);

/**
 * The old PREG as the last call to each of its services saw it. It only warns, however bad it is: every node asks the same PREG, and
 * routes and fallback say what becomes of clients.
 */
export function watchPreg(clock: Clock): Watch {
  const seen = new LastSeen(clock);
  return {
    listener: handling({
      pregCalled: ({ service, outcome, error }) => {
        const isTrouble =
          error instanceof PregUnavailable ||
          (error instanceof PregRejected && error.problem === 'not-let-in');
        // What ended for another reason, such as a caller who left, tells nothing.
        if (!isTrouble && !asAnswered.has(outcome)) return;
        const reason = `PREG does not answer ${service}: ${error?.message ?? ''}`;
        const cause = `${service} ${error?.code ?? ''}`;
        seen.remember(service, isTrouble ? { status: 'warning', reason, cause } : undefined);
      },
    }),
    check: () => seen.report('not called yet'),
  };
}

/** Whether old answers are being given in place of the register's. */
export function watchStaleAnswers(clock: Clock): Watch {
  let last: Date | undefined;
  return {
    listener: handling({
      answeredFromCache: ({ source }) => {
        if (source === 'stale-cache') last = clock.now();
      },
    }),
    check: () => {
      if (last === undefined) return { status: 'ok' };
      const at = last.toISOString();
      return clock.now().getTime() - last.getTime() < FAILURE_COUNTS_MILLISECONDS
        ? { status: 'warning', reason: 'old answers without addresses are being given', at }
        : { status: 'ok', reason: 'old answers without addresses were given', at };
    },
  };
}

function subjectOf(scope: string, { parent, child = '' }: Organisation): string {
  return [scope, parent, child].join(' ');
}

function noToken(error: AdapterError, scope: string, organisation: Organisation): Trouble {
  const isRefused = error instanceof TokenRefused;
  const alarm = isRefused || error instanceof TokenUnavailable ? error.trouble.alarm : undefined;
  const meaning = alarm === undefined ? '' : `: ${alarm.meaning}`;
  const name = isRefused && alarm !== undefined ? alarm.name : error.code;
  const { parent, child } = organisation;
  // What is about all alike is one cause: an outage of HelseID is not as many troubles as there are organisations.
  const whose = { organisation: [parent, child ?? []], scope: [scope], all: [] };
  const concerned = isRefused ? whose[alarm === undefined ? 'organisation' : (alarm.concerns ?? 'all')] : [];
  return {
    status: 'failed',
    reason: `HelseID gave no access token (${error.code}${meaning})`,
    cause: [name, ...concerned].flat().join(' '),
  };
}

function upstreamTrouble(httpStatus: number | null): Trouble | undefined {
  const cause = 'unavailable';
  if (httpStatus === null) return { status: 'failed', reason: 'Persontjenesten gave no answer', cause };
  const reason = `Persontjenesten answered ${httpStatus}`;
  if (httpStatus >= 500) return { status: 'failed', reason, cause };
  // About the one who asked, not about Persontjenesten: others may be served.
  if (httpStatus === 429) return { status: 'warning', reason, cause: 'busy' };
  return httpStatus === 401 || httpStatus === 403
    ? { status: 'warning', reason, cause: 'refused' }
    : undefined;
}

type Handlers = { [Name in keyof AdapterEvents]?: (event: AdapterEvents[Name]) => void };

function handling(handlers: Handlers): EventListener {
  return (name, event) => handlers[name]?.(event);
}

interface Trouble {
  readonly status: 'warning' | 'failed';
  readonly reason: string;
  readonly cause: string;
}

interface Sighting {
  readonly at: Date;
  readonly trouble: Trouble | undefined;
}

/** The last state of each subject; the latest trouble stands for all, but for what causes there are. */
class LastSeen {
  readonly #clock: Clock;
  readonly #sightings = new Map<string, Sighting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  remember(subject: string, trouble: Trouble | undefined): void {
    // Put last, so that the map is in the order of time.
    this.#sightings.delete(subject);
    this.#sightings.set(subject, { at: this.#clock.now(), trouble });
  }

  report(whenNothingWasSeen: string): CheckResult {
    const now = this.#clock.now().getTime();
    const sightings = [...this.#sightings.values()].filter(
      ({ at, trouble }) => trouble === undefined || now - at.getTime() < FORGOTTEN_MILLISECONDS,
    );
    const last = sightings.at(-1);
    if (last === undefined) return { status: 'ok', reason: whenNothingWasSeen };
    const { at, trouble } = sightings.findLast((sighting) => sighting.trouble !== undefined) ?? last;
    if (trouble === undefined) return { status: 'ok', at: at.toISOString() };
    const { status, reason } = trouble;
    const causes = new Set(sightings.flatMap((sighting) => sighting.trouble?.cause ?? []));
    const fresh = now - at.getTime() < FAILURE_COUNTS_MILLISECONDS;
    return {
      ...(fresh ? { status, reason } : { status: 'warning', reason: `${reason} when last asked` }),
      causes: [...causes],
      at: at.toISOString(),
    };
  }
}
