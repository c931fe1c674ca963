import { asAdapterError, UpstreamTimeout, type AdapterError } from '../../errors/errors.js';
import type { EventListener, EventSink } from '../../operations/events.js';
import type { Clock } from '../../runtime/clock.js';
import { newCorrelationId } from '../../runtime/correlation.js';
import { withDeadline } from '../../runtime/deadline.js';
import type { Random } from '../../runtime/random.js';
import { Span } from '../../runtime/span.js';
import type { Access, Organisation } from '../person-registry.js';
import type { ApiVersion } from './api-version.js';
import type { Transport } from './transport.js';

/** On whose behalf it is asked. */
export interface ProbeSubject {
  readonly access: Access;
  readonly organisation: Organisation;
}

/** What a probe is made of. */
export interface IdleProbeParts {
  readonly transport: Transport;
  readonly version: ApiVersion;
  /** On whose behalf, at the moment; undefined while nobody is answered from there. */
  readonly subject: () => ProbeSubject | undefined;
  /** How long nothing may have been heard of Persontjenesten before it is asked. */
  readonly everyMilliseconds: number;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** How long it may take, the token included. */
const PATIENCE_MILLISECONDS = 15_000;

/** Whose share of the upstream's capacity it takes. */
const PROBER = 'readiness';

/**
 * Asks Persontjenesten whether it is there when nobody else has for a while, so that an adapter that nobody is sent to knows whether
 * it could answer: `/ping`, which is about nobody, with a token that has to be had for it. What calls tell otherwise it tells, too.
 */
export class IdleProbe {
  /** How long it need not ask yet. */
  #quiet: Span | undefined;
  #hasAsked = false;

  constructor(private readonly parts: IdleProbeParts) {}

  /** Whether it is known how things are, one way or the other. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  /** To be subscribed: a call of somebody else's tells as much. */
  readonly listener: EventListener = (name) => {
    if (name === 'upstreamCalled') this.#heard();
  };

  /** Asks when it is time, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    const stopped = (): boolean => signal.aborted;
    while (!stopped()) {
      const left = this.#quiet?.left ?? 0;
      if (left <= 0) await this.#ask(signal);
      try {
        await clock.sleep(Math.max(left, 1_000), signal);
      } catch (error) {
        if (!stopped()) throw error;
      }
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { events, random, version } = this.parts;
    const whose = this.#subject();
    if (whose !== undefined) {
      const correlationId = newCorrelationId(random);
      const askedAt = this.#now();
      const error = await this.#troubleWith(whose, correlationId, signal);
      if (signal.aborted) return;
      events.emit('registerProbed', {
        correlationId,
        scope: version.scopes[whose.access],
        organisation: whose.organisation,
        milliseconds: this.#now() - askedAt,
        error,
      });
    }
    this.#heard();
  }

  async #troubleWith(
    { access, organisation }: ProbeSubject,
    correlationId: ReturnType<typeof newCorrelationId>,
    outer: AbortSignal,
  ): Promise<AdapterError | undefined> {
    const { transport, clock } = this.parts;
    try {
      await withDeadline(
        {
          clock,
          milliseconds: PATIENCE_MILLISECONDS,
          signal: outer,
          timeUp: () => new UpstreamTimeout('nobody has said in time whether Persontjenesten is there'),
          givenUp: () => new UpstreamTimeout('the adapter is ending'),
        },
        (signal) =>
          transport.send({
            method: 'GET',
            path: '/ping',
            query: [],
            form: [],
            access,
            organisation,
            clientId: PROBER,
            lane: 'batch',
            correlationId,
            signal,
          }),
      );
      return undefined;
    } catch (error) {
      return asAdapterError(error);
    }
  }

  #subject(): ProbeSubject | undefined {
    try {
      return this.parts.subject();
    } catch {
      // Routes that cannot be read are trouble of the store, which has a check of its own.
      return undefined;
    }
  }

  #heard(): void {
    const { clock, everyMilliseconds } = this.parts;
    this.#quiet = new Span(clock, everyMilliseconds);
    this.#hasAsked = true;
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }
}
