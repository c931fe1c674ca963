import type { EventSink } from '../../operations/events.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { Caller, PersonRegistry } from '../person-registry.js';
import type { ComparisonLog, UsageLog } from './compared-answers.js';
import type { Comparer } from './comparison/comparer.js';
import { CutoverRegistry } from './cutover-registry.js';
import type { Digest } from './place-among-hundred.js';
import type { Route, Source, StandingRoutes } from './route.js';
import type { ConfiguredRoute } from './route-rules.js';
import type { RouteSetter } from './route-table.js';
import { Routing } from './routing.js';

/** `cutover` of the configuration, as far as it can change while the adapter runs. */
export interface CutoverSettings {
  readonly routes: readonly ConfiguredRoute[];
  readonly fallback: 'none' | 'to-preg' | 'to-persontjenesten' | 'both';
  /** `clients[].id` of those who may want a route for one request. */
  readonly testers: readonly string[];
  readonly comparison: {
    readonly samplePercent: number;
    readonly maxConcurrent: number;
    readonly maxWaiting: number;
  };
  readonly guard: {
    readonly enabled: boolean;
    readonly windowMinutes: number;
    readonly minimumAnswers: number;
    readonly unexplainedPercent: number;
    readonly identityDifferences: number;
    readonly errorPercent: number;
  };
}

/** What a cutover is made of. */
export interface CutoverParts {
  /** Each under the profiles of clients. Without PREG everything is asked of Persontjenesten alone. */
  readonly registries: {
    readonly persontjenesten: PersonRegistry;
    readonly preg?: PersonRegistry | undefined;
  };
  readonly standing: StandingRoutes;
  readonly comparisons: ComparisonLog;
  readonly usage: UsageLog;
  readonly comparer: Comparer;
  readonly settings: CutoverSettings;
  /** Decides who is among some of a hundred people. */
  readonly digestOf: Digest;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** The way that a question of a client takes. */
export interface RouteDecision {
  readonly route: Route;
  /** Who answers. */
  readonly source: Source;
  readonly setBy: RouteSetter;
}

/** How the cutover is, for health. */
export interface CutoverState {
  /** Clients that the guard holds back. */
  readonly heldBack: readonly string[];
  /** People who were not compared in the last minute, since too much was to be done. */
  readonly dropped: number;
}

/** Both registers as one. */
export interface Cutover {
  readonly registry: PersonRegistry;
  /**
   * The way of what is handed on unread. It is about nobody in particular, so that routes for some of a hundred people do not
   * hold for it.
   */
  decide(caller: Caller): RouteDecision;
  /** Counts a question that does not come through `registry`, such as one that is handed on unread. */
  noteUse(caller: Caller): void;
  /** From now on by these settings; questions that are under way go on by those that they began with. */
  reconfigure(settings: CutoverSettings): void;
  state(): CutoverState;
  /** Gives up what is asked in the background, and writes down what is known. */
  stop(): Promise<void>;
}

/** Puts both registers together. */
export function createCutover(parts: CutoverParts): Cutover {
  const routing = new Routing(parts);
  return {
    registry: new CutoverRegistry({ ...parts, routing }),
    decide: (caller) => routing.decide(caller),
    noteUse: () => undefined,
    reconfigure: (settings) => {
      routing.reconfigure(settings);
    },
    state: () => ({ heldBack: [], dropped: 0 }),
    stop: () => Promise.resolve(),
  };
}
