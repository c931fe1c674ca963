import { StoreFailed } from '../../errors/errors.js';
import { Span } from '../../runtime/span.js';
import type { Caller } from '../person-registry.js';
import type { CutoverParts, CutoverSettings, RouteDecision } from './cutover.js';
import { placeAmongHundred } from './place-among-hundred.js';
import { answeringSource, type StandingRoute } from './route.js';
import { rulesOf } from './route-rules.js';
import { RouteTable, wayOf, type Way } from './route-table.js';

/** For so long a store that could not be read is left alone. */
const PAUSE_MILLISECONDS = 5_000;

/** The settings as questions see them, together with what is made of them. */
interface Configured {
  readonly settings: CutoverSettings;
  readonly table: RouteTable;
  readonly testers: ReadonlySet<string>;
}

/** The ways that there are at a moment. */
export interface PresentWays {
  readonly ways: readonly Way[];
  /** Routes that were set while the adapter ran, which some of these may come from. */
  readonly standing: readonly StandingRoute[];
}

/** Finds the way of each question, by what is set at that moment. */
export class Routing {
  #configured: Configured;
  /** As last known; undefined until they were read for the first time. */
  #standing: readonly StandingRoute[] | undefined;
  /** Since the store could not be read. */
  #pause: Span | undefined;

  constructor(
    private readonly parts: Pick<
      CutoverParts,
      'registries' | 'standing' | 'settings' | 'digestOf' | 'clock' | 'events'
    >,
  ) {
    this.#configured = configured(parts.settings);
  }

  get settings(): CutoverSettings {
    return this.#configured.settings;
  }

  reconfigure(settings: CutoverSettings): void {
    this.#configured = configured(settings);
  }

  /**
   * The ways that there are for a caller; undefined while there is one register alone, and for what the adapter asks of its own
   * accord: it follows the new register's events, and has no account at PREG.
   */
  waysOf(caller: Caller): PresentWays | undefined {
    if (this.parts.registries.preg === undefined || caller.protocol === undefined) return undefined;
    const { table, testers } = this.#configured;
    const standing = this.standing();
    const ways = table.waysOf(caller, {
      now: this.parts.clock.now(),
      standing,
      wanted: testers.has(caller.clientId) ? caller.wantedRoute : undefined,
    });
    return { ways, standing };
  }

  /** The way among these of what a key stands for. */
  wayOf({ ways }: PresentWays, key: string | undefined): Way {
    return wayOf(ways, key === undefined ? undefined : () => placeAmongHundred(this.parts.digestOf, key));
  }

  /**
   * Routes that were set while the adapter ran, as they are now; as they were last known while the store cannot be read.
   * @throws StoreFailed while nothing is known yet: whom they hold back must not move
   */
  standing(): readonly StandingRoute[] {
    const { standing, events, clock } = this.parts;
    if (this.#pause !== undefined && this.#pause.left > 0) return this.#lastKnown();
    try {
      this.adopt(standing.all());
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      if (this.#pause === undefined) events.emit('cutoverNotStored', { what: 'routes', error });
      // A store that is locked takes its time to fail, and everybody would wait for it.
      this.#pause = new Span(clock, PAUSE_MILLISECONDS);
    }
    return this.#lastKnown();
  }

  /** Takes these for what stands, as they came from the store just now. */
  adopt(standing: readonly StandingRoute[]): void {
    this.#standing = standing;
    if (this.#pause !== undefined) this.parts.events.emit('cutoverStored', { what: 'routes', lost: 0 });
    this.#pause = undefined;
  }

  /** The same, and undefined while nothing is known yet. */
  get known(): readonly StandingRoute[] | undefined {
    try {
      return this.standing();
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      return undefined;
    }
  }

  #lastKnown(): readonly StandingRoute[] {
    if (this.#standing !== undefined) return this.#standing;
    throw new StoreFailed('the routes that were set could not be read yet');
  }

  decide(caller: Caller): RouteDecision {
    const present = this.waysOf(caller);
    if (present === undefined)
      return { route: 'persontjenesten', source: 'persontjenesten', setBy: 'default' };
    const { route, setBy } = this.wayOf(present, undefined);
    return { route, setBy, source: answeringSource(route) };
  }
}

function configured(settings: CutoverSettings): Configured {
  return {
    settings,
    table: new RouteTable(rulesOf(settings.routes)),
    testers: new Set(settings.testers),
  };
}
