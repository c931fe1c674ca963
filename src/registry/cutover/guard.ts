import { asAdapterError } from '../../errors/errors.js';
import type { EventSink } from '../../operations/events.js';
import type { Clock } from '../../runtime/clock.js';
import { Span } from '../../runtime/span.js';
import type { CutoverSettings } from './cutover.js';
import { EvidenceWindow, type Evidence } from './evidence-window.js';
import { answeringSource, type StandingRoute, type StandingRoutes } from './route.js';
import type { Way } from './route-table.js';

/** For so long a store that could not be written to is left alone: one that is locked takes its time to fail. */
const PAUSE_MILLISECONDS = 5_000;

/** A question on its way, as the guard has to know it. */
export interface Step {
  readonly clientId: string;
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
  readonly standingRoutes: Pick<StandingRoutes, 'set'>;
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
 * operator acts. Whatever an operator does begins the window anew: what was seen before says nothing of what was set since.
 */
export class Guard {
  readonly #watched = new Map<string, Watched>();
  /** When clients were moved back: what was asked before then says nothing any more, however late it is answered. */
  readonly #movedBack = new Map<string, number>();
  #generation = 0;
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

  /** Takes note of what came of a question. */
  note(step: Step, evidence: Partial<Evidence>): void {
    const { clientId } = step;
    if (!this.#isWatched(step)) return;
    if (step.at.getTime() <= (this.#movedBack.get(clientId) ?? -Infinity)) return;
    const setting = this.settingOf(clientId, this.parts.standing());
    if (step.setting !== setting) return;
    const { window } = this.#windowOf(clientId, setting);
    window.add(evidence);
    const reason = reasonIn(window.evidence, this.parts.settings());
    if (reason !== undefined) this.#moveBack(clientId, reason);
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

  #moveBack(clientId: string, reason: string): void {
    const { standingRoutes, events, clock } = this.parts;
    if (this.#pause !== undefined && this.#pause.left > 0) return;
    const at = clock.now();
    const route = 'shadow-preg';
    try {
      standingRoutes.set({ clientId, route, setBy: 'guard', at, reason });
    } catch (error) {
      // The evidence stays, so that a later answer tries again.
      if (this.#pause === undefined) {
        events.emit('cutoverNotStored', { what: 'hold', error: asAdapterError(error) });
      }
      this.#pause = new Span(clock, PAUSE_MILLISECONDS);
      return;
    }
    if (this.#pause !== undefined) events.emit('cutoverStored', { what: 'hold', lost: 0 });
    this.#pause = undefined;
    this.#watched.delete(clientId);
    this.#movedBack.set(clientId, at.getTime());
    events.emit('clientMovedBack', { clientId, reason, route });
  }
}

/** Which limit is passed, in words without data; undefined where none is. */
function reasonIn(
  { answers, failures, compared, unexplained, identity }: Evidence,
  { minimumAnswers, unexplainedPercent, identityDifferences, errorPercent }: CutoverSettings['guard'],
): string | undefined {
  if (identity >= identityDifferences) {
    return `${identity} of ${compared} compared answers differ in who somebody is`;
  }
  if (compared >= minimumAnswers && unexplained * 100 > compared * unexplainedPercent) {
    return `${unexplained} of ${compared} compared answers differ unexplained, more than ${unexplainedPercent} %`;
  }
  if (answers >= minimumAnswers && failures * 100 > answers * errorPercent) {
    return `${failures} of ${answers} questions to Persontjenesten failed, more than ${errorPercent} %`;
  }
  return undefined;
}
