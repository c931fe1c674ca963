import type { CorrelationId } from '../../runtime/correlation.js';
import { asAdapterError } from '../../errors/errors.js';
import type { EventSink } from '../../operations/events.js';
import type { Clock } from '../../runtime/clock.js';
import { Span } from '../../runtime/span.js';
import type { CutoverSettings } from './cutover.js';
import { EvidenceWindow, type Evidence } from './evidence-window.js';
import type { Holds, TriedHold } from './holds.js';
import { answeringSource, type StandingRoute } from './route.js';
import type { Way } from './route-table.js';
import { StoreBusy } from './store-busy.js';

/** For so long a store that could not be written to is left alone: one that is locked takes its time to fail. */
const PAUSE_MILLISECONDS = 5_000;

/** The same for one that somebody else writes to. */
const BUSY_MILLISECONDS = 100;

/** PREG is asked so often whether it answers, where nobody else asks it. */
const PROOF_MILLISECONDS = 5_000;

/** A question on its way, as the guard has to know it. */
export interface Step {
  readonly clientId: string;
  readonly correlationId: CorrelationId;
  readonly way: Way;
  readonly at: Date;
  /** What was set for the client when the way was chosen: {@link Guard.settingOf}. */
  readonly setting: string;
}

/** What a guard is made of. */
export interface GuardParts {
  readonly settings: () => CutoverSettings['guard'];
  /** Routes that were set while the adapter ran, as they are now. */
  readonly standing: () => readonly StandingRoute[];
  /** Takes what stands by now for what is known. */
  readonly adopt: (standing: readonly StandingRoute[]) => void;
  readonly holds: Holds;
  /** Clients that PREG can serve; the others have nowhere to go back to. */
  readonly pregClients: ReadonlySet<string>;
  readonly clock: Clock;
  readonly events: EventSink;
}

interface Watched {
  readonly setting: string;
  readonly window: EvidenceWindow;
}

/**
 * Moves a client back to PREG that Persontjenesten answers, when too much goes wrong within a window, and leaves it there until an
 * operator acts. Whatever an operator does begins the window anew: what was seen before says nothing of what was set since. For
 * errors nobody is moved to a PREG that does not answer.
 */
export class Guard {
  readonly #watched = new Map<string, Watched>();
  /** When clients were moved back: what was asked before then says nothing any more, however late it is answered. */
  readonly #movedBack = new Map<string, number>();
  /** Whose last question PREG left unanswered while they were held back. */
  readonly #inVain = new Set<string>();
  /** Since PREG was asked whether it answers. */
  readonly #proofs = new Map<string, Span>();
  #generation = 0;
  #isTold = false;
  /** Since the store would not take it. */
  #pause: Span | undefined;

  constructor(private readonly parts: GuardParts) {}

  /** Begins every window anew, since the configuration has changed. */
  reconfigured(): void {
    this.#generation += 1;
    this.#watched.clear();
  }

  /** What is set for a client, as a text that changes whenever that does. */
  settingOf(clientId: string, standing: readonly StandingRoute[]): string {
    const own = standing
      .filter((route) => route.clientId === undefined || route.clientId === clientId)
      .map(({ protocol, operation, route, percent, setBy, at }) =>
        [protocol, operation, route, percent, setBy, at.getTime()].join(),
      );
    return [this.#generation, ...own].join(' ');
  }

  /** Whom the guard holds back. */
  get heldBack(): readonly string[] {
    const held = this.parts
      .standing()
      .flatMap(({ setBy, clientId }) => (setBy === 'guard' && clientId !== undefined ? [clientId] : []));
    return [...new Set(held)].sort();
  }

  /** Whom of these PREG does not answer, either. */
  get heldInVain(): readonly string[] {
    return this.heldBack.filter((clientId) => this.#inVain.has(clientId));
  }

  /** Takes note of what came of a question to Persontjenesten. */
  note(step: Step, evidence: Partial<Evidence>): void {
    const window = this.#windowFor(step);
    if (window === undefined) return;
    window.add(evidence);
    const reason = differenceIn(window.evidence, this.parts.settings());
    if (reason !== undefined) this.#moveBack(step, reason);
  }

  /** Whether PREG is to be asked if it answers, since a client would be moved back if it did; not again for a while. */
  wantsProof(step: Step): boolean {
    const { clientId } = step;
    const window = this.#windowFor(step);
    if (window === undefined || failureIn(window.evidence, this.parts.settings()) === undefined) return false;
    if ((this.#proofs.get(clientId)?.left ?? 0) > 0) return false;
    this.#proofs.set(clientId, new Span(this.parts.clock, PROOF_MILLISECONDS));
    return true;
  }

  /** PREG has answered a question that was meant for Persontjenesten: whoever has too many errors is well served there. */
  pregAnswered(step: Step): void {
    const window = this.#windowFor(step);
    const reason = window && failureIn(window.evidence, this.parts.settings());
    if (reason !== undefined) this.#moveBack(step, reason);
  }

  /** Takes note of whether PREG answers somebody who is held back. */
  noteHeld({ clientId, way }: Step, hasAnswered: boolean): void {
    if (way.setBy !== 'guard') return;
    // Whatever led to it is over, also where another process has set it.
    this.#watched.delete(clientId);
    if (hasAnswered) this.#inVain.delete(clientId);
    else this.#inVain.add(clientId);
  }

  /** The evidence about a client, if what is known of a question may be added to it. */
  #windowFor(step: Step): EvidenceWindow | undefined {
    const { clientId } = step;
    if (!this.#isWatched(step)) return undefined;
    if (step.at.getTime() <= (this.#movedBack.get(clientId) ?? -Infinity)) return undefined;
    const setting = this.settingOf(clientId, this.parts.standing());
    return step.setting === setting ? this.#windowOf(clientId, setting).window : undefined;
  }

  #isWatched({ clientId, way }: Step): boolean {
    return (
      this.parts.settings().enabled &&
      this.parts.pregClients.has(clientId) &&
      answeringSource(way.route) === 'persontjenesten' &&
      // Whoever tries something out knows what may come of it.
      way.setBy !== 'tester'
    );
  }

  #windowOf(clientId: string, setting: string): Watched {
    const known = this.#watched.get(clientId);
    if (known?.setting === setting) return known;
    const milliseconds = this.parts.settings().windowMinutes * 60_000;
    const watched = { setting, window: new EvidenceWindow(milliseconds, this.parts.clock) };
    this.#watched.set(clientId, watched);
    return watched;
  }

  #moveBack(step: Step, reason: string): void {
    const { adopt, events, clock } = this.parts;
    const { clientId } = step;
    if (this.#pause !== undefined && this.#pause.left > 0) return;
    const route = { clientId, route: 'shadow-preg', setBy: 'guard', at: clock.now(), reason } as const;
    const tried = this.#tryHold(step, route);
    if (tried === undefined) return;
    this.#watched.delete(clientId);
    adopt(tried.standing);
    if (!tried.isSet) return;
    this.#movedBack.set(clientId, route.at.getTime());
    this.#inVain.delete(clientId);
    events.emit('clientMovedBack', { clientId, reason, route: route.route });
  }

  /** Undefined where the store would not take it. The evidence stays then, so that a later answer tries again. */
  #tryHold(step: Step, route: StandingRoute): TriedHold | undefined {
    const { holds, events, clock } = this.parts;
    try {
      const tried = holds.hold(
        route,
        step.correlationId,
        (standing) => this.settingOf(step.clientId, standing) === step.setting,
      );
      if (this.#isTold) events.emit('cutoverStored', { what: 'hold', lost: 0 });
      this.#isTold = false;
      this.#pause = undefined;
      return tried;
    } catch (error) {
      const isFirst = this.#pause === undefined;
      this.#pause = new Span(clock, error instanceof StoreBusy ? BUSY_MILLISECONDS : PAUSE_MILLISECONDS);
      // Whoever has the lock is done within milliseconds, or something is wrong.
      if (!this.#isTold && !(error instanceof StoreBusy && isFirst)) {
        events.emit('cutoverNotStored', { what: 'hold', error: asAdapterError(error) });
        this.#isTold = true;
      }
      return undefined;
    }
  }
}

type Limits = CutoverSettings['guard'];

/** Which limit of differences is passed, in words without data; undefined where none is. */
function differenceIn(
  { compared, unexplained, identity }: Evidence,
  { minimumAnswers, unexplainedPercent, identityDifferences }: Limits,
): string | undefined {
  if (identity >= identityDifferences) {
    return `${identity} of ${compared} compared answers differ in who somebody is`;
  }
  if (compared >= minimumAnswers && unexplained * 100 > compared * unexplainedPercent) {
    return `${unexplained} of ${compared} compared answers differ unexplained, more than ${unexplainedPercent} %`;
  }
  return undefined;
}

/** The same of errors. */
function failureIn(
  { answers, failures }: Evidence,
  { minimumAnswers, errorPercent }: Limits,
): string | undefined {
  return answers >= minimumAnswers && failures * 100 > answers * errorPercent
    ? `${failures} of ${answers} questions to Persontjenesten failed, more than ${errorPercent} %`
    : undefined;
}
