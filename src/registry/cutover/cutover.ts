import { isDeepStrictEqual } from 'node:util';
import type { EventSink } from '../../operations/events.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import { FewInATurn } from '../../runtime/few-in-a-turn.js';
import type { Caller, PersonRegistry } from '../person-registry.js';
import { BatchedWriter } from './batched-writer.js';
import type { ComparedAnswers, ComparisonLog, UsageLog } from './compared-answers.js';
import { Comparing } from './comparing.js';
import type { Comparer } from './comparison/comparer.js';
import { CutoverRegistry } from './cutover-registry.js';
import { Guard } from './guard.js';
import { NotComparedTally } from './not-compared-tally.js';
import type { Holds } from './holds.js';
import type { Digest } from './place-among-hundred.js';
import type { Route, Source, StandingRoutes } from './route.js';
import type { ConfiguredRoute } from './route-rules.js';
import type { RouteSetter } from './route-table.js';
import { Routing } from './routing.js';
import { Shadow } from './shadow.js';
import { Usage } from './usage.js';

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
  readonly holds: Holds;
  readonly comparisons: ComparisonLog;
  readonly usage: UsageLog;
  readonly comparer: Comparer;
  readonly settings: CutoverSettings;
  /** Clients with an account at PREG. Nobody else falls back to it, and the guard moves nobody else back. */
  readonly pregClients: ReadonlySet<string>;
  /** Decides who is among some of a hundred people. */
  readonly digestOf: Digest;
  /** Whether somebody waits for an answer, or did a moment ago: work in the background keeps out of their way. */
  readonly people: { readonly somebody: boolean };
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
  /** Those of them whose last question PREG did not answer. */
  readonly heldInVain: readonly string[];
  /** Whether the routes that were set could be read since the start; until then nobody is answered. */
  readonly areRoutesKnown: boolean;
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
  /** Writes down from time to time what clients use, until the signal aborts; what is left then is written down by `stop`. */
  run(signal: AbortSignal): Promise<void>;
  /** Gives up what is asked in the background, and writes down what is known. */
  stop(): Promise<void>;
}

/** So many comparisons are held at most while the store takes none. */
const MOST_HELD = 5_000;

/** A comparison waits so long for others. */
const WRITE_MILLISECONDS = 1_000;

/** So many people are compared in a turn of the event loop: each may take four milliseconds. */
const COMPARED_IN_A_TURN = 2;

/** Puts both registers together. */
export function createCutover(parts: CutoverParts): Cutover {
  const { registries, holds, comparisons, comparer, pregClients, people, events, clock, random } = parts;
  const routing = new Routing(parts);
  const usage = new Usage(parts);
  const registryOf = (source: Source): PersonRegistry => {
    const registry = registries[source];
    if (registry === undefined) throw new TypeError('a route leads to a register that is not there');
    return registry;
  };
  const guard = new Guard({
    settings: () => routing.settings.guard,
    standing: () => routing.standing(),
    adopt: (standing) => {
      routing.adopt(standing);
    },
    holds,
    pregClients,
    clock,
    events,
  });
  const notCompared = new NotComparedTally(clock);
  const writer = new BatchedWriter<ComparedAnswers>({
    what: 'comparisons',
    write: (items) => {
      notCompared.handOver((left) => {
        comparisons.record(items, left);
      });
    },
    hasMore: () => !notCompared.isEmpty,
    most: MOST_HELD,
    milliseconds: WRITE_MILLISECONDS,
    clock,
    events,
  });
  const comparing = new Comparing({
    comparer,
    record: (compared) => {
      writer.add(compared);
    },
    guard,
    turns: new FewInATurn(COMPARED_IN_A_TURN),
    events,
  });
  const shadow = new Shadow({
    registryOf,
    settings: () => routing.settings.comparison,
    people,
    comparing,
    guard,
    notCompared: {
      add: (caller, reason, people) => {
        notCompared.add(caller, reason, people);
        writer.wake();
      },
    },
    clock,
    random,
    events,
  });
  const shared = { routing, registryOf, pregClients, guard, shadow, comparing, usage, events, clock };
  return {
    registry: new CutoverRegistry(shared),
    decide: (caller) => routing.decide(caller),
    noteUse: (caller) => {
      usage.note(caller, 1);
    },
    reconfigure: (settings) => {
      const before = routing.settings;
      routing.reconfigure(settings);
      if (!isSameToGuard(before, settings)) guard.reconfigured();
    },
    state: () => {
      const areRoutesKnown = registries.preg === undefined || routing.known !== undefined;
      const { heldBack, heldInVain } = areRoutesKnown ? guard : nobody;
      return { heldBack, heldInVain, areRoutesKnown, dropped: shadow.dropped };
    },
    run: (signal) => usage.run(signal),
    stop: async () => {
      await shadow.stop();
      await writer.end();
      await usage.end();
    },
  };
}

const nobody = { heldBack: [], heldInVain: [] };

/** Whether what the guard has seen so far still counts. */
function isSameToGuard(before: CutoverSettings, now: CutoverSettings): boolean {
  return isDeepStrictEqual([before.guard, before.routes], [now.guard, now.routes]);
}
