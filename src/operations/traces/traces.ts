import type { Clock } from '../../runtime/clock.js';
import type { CorrelationId } from '../../runtime/correlation.js';
import { PassingMap } from '../../runtime/passing-map.js';
import type { AdapterEvents, EventListener } from '../events.js';
import { redact } from '../redact.js';
import { ofNoRequest, stepTexts, wordsOf, type StepText } from './step-texts.js';

/** Something that happened while a request was answered. */
export interface TraceStep {
  readonly at: Date;
  readonly text: string;
  readonly details: readonly string[];
}

/** What came of a request. */
export interface TracedRequest {
  readonly answeredAt: Date;
  readonly clientId: string | null;
  readonly protocol: string;
  readonly operation: string | null;
  readonly outcome: string;
  readonly milliseconds: number;
}

/** The steps of one request, or of a call that several shared. */
export interface Trace {
  readonly correlationId: CorrelationId;
  /** Undefined while it is not answered, and of a call that several shared. */
  readonly request: TracedRequest | undefined;
  readonly steps: readonly TraceStep[];
  /** Steps that were too many to be kept. */
  readonly leftOut: number;
  /** Calls that were made for several, this one among them. */
  readonly calls: readonly Trace[];
}

/** How many steps of one request are kept. */
const MOST_STEPS = 100;

/** How many lines below a step are kept, and how long each may be. */
const MOST_DETAILS = 150;
const LONGEST_TEXT = 300;

/** How many requests and calls may be under way at a time without being forgotten. */
const MOST_OPEN = 2_000;

type RecordedStep = StepText & { readonly at: Date };

interface Recorded {
  readonly correlationId: CorrelationId;
  request: TracedRequest | undefined;
  readonly steps: RecordedStep[];
  leftOut: number;
  readonly calls: Set<CorrelationId>;
  /** What was known of them when the request was answered. */
  keptCalls: readonly Recorded[];
}

/**
 * Remembers the steps of the last requests, as events tell of them: when, how long, who was asked, what was blank and why, and never
 * a number, a name, an address or any other value. In memory alone.
 */
export class Traces {
  /** Not answered yet, and calls that several share; the oldest first. */
  readonly #open = new PassingMap<string, Recorded>();
  /** Answered; the oldest first. */
  readonly #answered = new PassingMap<string, Recorded>();

  /** @param most requests that are remembered after they were answered */
  constructor(
    private readonly most: number,
    private readonly clock: Clock,
  ) {}

  /** To be subscribed to the bus; it is all that feeds what is remembered. */
  readonly listener: EventListener = (name, event) => {
    if (!('correlationId' in event) || ofNoRequest.has(name)) return;
    const recorded = this.#of(event.correlationId);
    if ('callCorrelationId' in event) recorded.calls.add(event.callCorrelationId);
    this.#addStep(recorded, textOf(name, event));
    if (name === 'requestAnswered' && 'outcome' in event && 'protocol' in event && 'milliseconds' in event) {
      const { clientId, protocol, operation, outcome, milliseconds } = event;
      recorded.request = {
        answeredAt: this.clock.now(),
        clientId,
        protocol,
        operation,
        outcome,
        milliseconds,
      };
      this.#close(recorded);
    }
  };

  /** What is remembered of a request or a call. */
  of(correlationId: string): Trace | undefined {
    const recorded = this.#answered.get(correlationId) ?? this.#open.get(correlationId);
    return recorded && this.#traceOf(recorded);
  }

  /** The last requests that were answered, the newest first. */
  latest(
    most: number,
  ): readonly { readonly correlationId: CorrelationId; readonly request: TracedRequest }[] {
    return [...this.#answered.values()]
      .reverse()
      .flatMap(({ correlationId, request }) => (request === undefined ? [] : [{ correlationId, request }]))
      .slice(0, most);
  }

  #of(correlationId: CorrelationId): Recorded {
    const known = this.#answered.get(correlationId) ?? this.#open.get(correlationId);
    if (known !== undefined) return known;
    const recorded: Recorded = {
      correlationId,
      request: undefined,
      steps: [],
      leftOut: 0,
      calls: new Set(),
      keptCalls: [],
    };
    this.#open.set(correlationId, recorded);
    forgetOldest(this.#open, MOST_OPEN);
    return recorded;
  }

  #addStep(recorded: Recorded, step: StepText): void {
    if (recorded.steps.length >= MOST_STEPS) recorded.leftOut += 1;
    else recorded.steps.push({ ...step, at: this.clock.now() });
  }

  #close(recorded: Recorded): void {
    recorded.keptCalls = [...recorded.calls].flatMap((call) => this.#open.get(call) ?? []);
    this.#open.delete(recorded.correlationId);
    this.#answered.delete(recorded.correlationId);
    this.#answered.set(recorded.correlationId, recorded);
    forgetOldest(this.#answered, this.most);
  }

  #traceOf(recorded: Recorded): Trace {
    const { correlationId, request, steps, leftOut, calls, keptCalls } = recorded;
    const known = new Map<string, Recorded>(keptCalls.map((call) => [call.correlationId, call]));
    const shared = [...calls].flatMap(
      (call) => known.get(call) ?? this.#open.get(call) ?? this.#answered.get(call) ?? [],
    );
    return {
      correlationId,
      request,
      steps: steps.map(toldStep),
      leftOut,
      // What a call itself shares is told by its own trace.
      calls: shared.map((call) => ({
        correlationId: call.correlationId,
        request: call.request,
        steps: call.steps.map(toldStep),
        leftOut: call.leftOut,
        calls: [],
      })),
    };
  }
}

function textOf<Name extends keyof AdapterEvents>(name: Name, event: AdapterEvents[Name]): StepText {
  return stepTexts[name]?.(event) ?? { text: wordsOf(name) };
}

function forgetOldest(recorded: PassingMap<string, Recorded>, most: number): void {
  while (recorded.size > most) {
    const [oldest] = recorded.first ?? [];
    if (oldest === undefined) return;
    recorded.delete(oldest);
  }
}

function toldStep({ at, text, details }: RecordedStep): TraceStep {
  return { at, text: fit(text), details: (details?.() ?? []).slice(0, MOST_DETAILS).map(fit) };
}

/** The last net: nothing of this should hold a number or a token. */
function fit(text: string): string {
  return redact(text).slice(0, LONGEST_TEXT);
}
