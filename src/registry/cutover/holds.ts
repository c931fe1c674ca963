import type { CorrelationId } from '../../runtime/correlation.js';
import type { StandingRoute } from './route.js';

/** What came of a hold that was tried. */
export interface TriedHold {
  /** False where something else stood by then. */
  readonly isSet: boolean;
  /** All standing routes, as they are afterwards. */
  readonly standing: readonly StandingRoute[];
}

/** Where the guard sets routes. */
export interface Holds {
  /**
   * Sets a route of the guard, if what stands is still what the guard has judged by; check, route and an entry in the audit trail
   * are one, whoever else sets routes at the same time. It never waits for a store that somebody else writes to.
   * @param question the one with which a limit was passed
   * @throws StoreFailed, StoreBusy
   */
  hold(
    route: StandingRoute,
    question: CorrelationId,
    isStillSo: (standing: readonly StandingRoute[]) => boolean,
  ): TriedHold;
}
