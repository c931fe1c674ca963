import type { AdapterEvents, EventListener } from '../events.js';
import { among, type KnownNames, type LabelOf } from '../metrics/known-names.js';
import type { Clock } from '../../runtime/clock.js';
import { ErrorCauses } from './error-causes.js';
import { MinuteCounts, minuteOf } from './minute-counts.js';
import { OutgoingCalls } from './outgoing-calls.js';
import { TokensSeen } from './tokens-seen.js';
import { TABLE_MINUTES, Traffic } from './traffic.js';
import { TroublesSeen } from './troubles-seen.js';
import { ValuesSeen } from './values-seen.js';

/** The names that are told apart. */
export type RecorderNames = Omit<KnownNames, 'receivers'>;

type Handlers = { [Name in keyof AdapterEvents]?: (event: AdapterEvents[Name]) => void };

/** What has happened in the last hours, as the dashboard tells it: bounded, in memory, gone with the process, and without person data. */
export class Recorder {
  /** When it began to listen. */
  readonly since: Date;
  readonly traffic: Traffic;
  readonly causes = new ErrorCauses();
  readonly persontjenesten = new OutgoingCalls();
  readonly preg = new OutgoingCalls();
  readonly tokens = new TokensSeen();
  readonly troubles = new TroublesSeen();
  readonly values: ValuesSeen;
  /** To be subscribed to the bus. */
  readonly listener: EventListener;
  readonly #logins = new MinuteCounts(TABLE_MINUTES, 1);
  #lastLoginFailure: Date | undefined;

  constructor(
    names: RecorderNames,
    private readonly clock: Clock,
  ) {
    this.since = clock.now();
    const client = among(names.clients);
    this.traffic = new Traffic({
      client,
      protocol: among(names.protocols),
      operation: among(names.operations),
    });
    this.values = new ValuesSeen(among(names.mappingRows));
    const handlers = this.#handlers(names, client);
    this.listener = (name, event) => {
      handlers[name]?.(event);
      if (name !== 'requestAnswered' && 'error' in event) this.causes.note(event.error, clock.now());
    };
  }

  /** Failed attempts to log in within the last hour, and when the last one was. */
  failedLogins(now: Date): { readonly count: number; readonly lastAt: Date | undefined } {
    const [count = 0] = this.#logins.sum(minuteOf(now), TABLE_MINUTES);
    return { count, lastAt: this.#lastLoginFailure };
  }

  #handlers(names: RecorderNames, client: LabelOf): Handlers {
    const { clock } = this;
    const upstreamOperation = among(names.upstreamOperations);
    const pregOperation = among(names.pregOperations);
    return {
      requestAnswered: (event) => {
        this.traffic.note(event, clock.now());
        this.causes.note(event.error, clock.now(), client(event.clientId));
      },
      requestsRefused: ({ protocols, count }) => {
        for (const { protocol, refused } of protocols) {
          this.traffic.noteUnread(protocol, refused, clock.now());
        }
        this.causes.noteCode('overloaded', count, clock.now(), 'none');
      },
      upstreamCalled: ({ operation, milliseconds, httpStatus }) => {
        const failure = upstreamFailure(httpStatus);
        this.persontjenesten.note(
          { operation: upstreamOperation(operation), milliseconds, failure },
          clock.now(),
        );
      },
      breakerChanged: ({ state }) => {
        this.persontjenesten.noteBreaker(state, clock.now());
      },
      callsHeldBack: ({ seconds }) => {
        this.persontjenesten.noteHeldBack(seconds, clock.now());
      },
      pregCalled: ({ operation, milliseconds, outcome }) => {
        // Who left waits for nothing, and says nothing of PREG.
        if (outcome === 'caller-left') return;
        const failure = wentWell.has(outcome) ? undefined : outcome;
        this.preg.note({ operation: pregOperation(operation), milliseconds, failure }, clock.now());
      },
      pregBreakerChanged: ({ state }) => {
        this.preg.noteBreaker(state, clock.now());
      },
      tokenFetched: (event) => {
        this.tokens.fetched(event, clock.now());
      },
      tokenDropped: (event) => {
        this.tokens.dropped(event);
      },
      tokenFailed: (event) => {
        this.tokens.failed(event, event.error.code, clock.now());
      },
      troubleBegan: (event) => {
        this.troubles.began(event, clock.now());
      },
      troubleEnded: (event) => {
        this.troubles.ended(event, clock.now());
      },
      unmappedValue: ({ row, value }) => {
        this.values.unmapped(row, value, clock.now());
      },
      valueCut: ({ row }) => {
        this.values.cut(row, clock.now());
      },
      authenticationFailed: () => {
        this.#lastLoginFailure = clock.now();
        this.#logins.add(minuteOf(clock.now()), 0);
      },
    };
  }
}

/** Ends of messages to PREG after which it has done its work, or is asked again by itself. */
const wentWell: ReadonlySet<string> = new Set(['answered', 'session-over', 'renewal-wanted', 'preg-refused']);

/** That nobody has a number is an answer. */
function upstreamFailure(status: number | null): string | undefined {
  if (status === null) return 'none';
  return status >= 400 && status !== 404 ? String(status) : undefined;
}
