import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import { Span } from '../../../runtime/span.js';
import type { CorrelationId } from '../../../runtime/correlation.js';
import { FailureWindow } from './failure-window.js';
import { CallsSuspended } from './refusals.js';

/** When calls are given up for a while. */
export interface BreakerSettings {
  readonly failurePercent: number;
  readonly minimumCalls: number;
  readonly windowSeconds: number;
  readonly openSeconds: number;
}

/** What a call told of Persontjenesten. */
export type Verdict = 'answers' | 'fails' | 'unknown';

/** Leave for one call, and how it ended. What is told of a call from before the last change of state counts no more. */
export type Report = (verdict: Verdict) => void;

/** What a breaker is made of. */
export interface BreakerParts {
  readonly settings: BreakerSettings;
  readonly clock: Clock;
  readonly events: EventSink;
  /** Told when calls are given up. */
  readonly onOpen: (error: CallsSuspended) => void;
}

type State =
  | { readonly name: 'closed'; readonly seen: FailureWindow }
  | { readonly name: 'open'; readonly rest: Span }
  | { readonly name: 'half-open'; readonly probe: Probe };

/** The call that finds out. */
interface Probe {
  readonly correlationId: CorrelationId;
  readonly ended: Promise<void>;
}

/**
 * Whether Persontjenesten is asked at all. Closed, until too many calls fail; then open for a while, when none is made;
 * then half-open, when a single one is. Its outcome decides. A call that ends without telling anything, since its caller
 * left, leaves that to the next one. Other calls of the same request may wait for the outcome: were they refused, the request
 * would have failed, and the one that finds out would be given up with it.
 */
export class Breaker {
  #state: State;

  constructor(private readonly parts: BreakerParts) {
    this.#state = this.#closed();
  }

  /** Settles when the call that finds out has ended, if it is one of that request; undefined otherwise. */
  probeOf(request: CorrelationId): Promise<void> | undefined {
    const state = this.#state;
    return state.name === 'half-open' && state.probe.correlationId === request
      ? state.probe.ended
      : undefined;
  }

  /** Whether nobody is let through at present, but for the one that finds out. */
  get isOpen(): boolean {
    const state = this.#state;
    return state.name === 'half-open' || (state.name === 'open' && state.rest.left > 0);
  }

  /** Leave to make a call for that request. @throws CallsSuspended */
  admit(request: CorrelationId): Report {
    const state = this.#state;
    if (state.name === 'half-open' || this.isOpen) throw this.#refusal();
    if (state.name === 'open') return this.#probe(request);
    return (verdict) => {
      if (this.#state === state) this.#judge(state.seen, verdict);
    };
  }

  #judge(seen: FailureWindow, verdict: Verdict): void {
    if (verdict === 'unknown') return;
    seen.add(verdict === 'fails');
    const { minimumCalls, failurePercent } = this.parts.settings;
    const { calls, failures } = seen.counts;
    if (calls >= minimumCalls && failures * 100 >= calls * failurePercent) this.#open();
  }

  #probe(correlationId: CorrelationId): Report {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const state: State = { name: 'half-open', probe: { correlationId, ended } };
    this.#become(state);
    return (verdict) => {
      if (this.#state !== state) return;
      end();
      if (verdict === 'fails') this.#open();
      else if (verdict === 'answers') this.#become(this.#closed());
      else this.#become({ name: 'open', rest: new Span(this.parts.clock, 0) });
    };
  }

  #open(): void {
    const { settings, clock, onOpen } = this.parts;
    this.#become({ name: 'open', rest: new Span(clock, settings.openSeconds * 1_000) });
    onOpen(this.#refusal());
  }

  #closed(): State {
    const { settings, clock } = this.parts;
    return { name: 'closed', seen: new FailureWindow(settings.windowSeconds * 1_000, clock) };
  }

  #become(state: State): void {
    this.#state = state;
    this.parts.events.emit('breakerChanged', {
      state: state.name,
      ...(state.name === 'open' ? { retryInSeconds: Math.ceil(state.rest.left / 1_000) } : {}),
    });
  }

  #refusal(): CallsSuspended {
    return new CallsSuspended('no call is made, since too many have failed');
  }
}
