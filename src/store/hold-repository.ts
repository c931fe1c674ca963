import type BetterSqlite3 from 'better-sqlite3';
import { StoreFailed } from '../errors/errors.js';
import type { AuditEntry } from '../operations/audit-trail.js';
import type { Holds, TriedHold } from '../registry/cutover/holds.js';
import type { StandingRoute, StandingRoutes } from '../registry/cutover/route.js';
import type { CorrelationId } from '../runtime/correlation.js';
import { StoreBusy } from '../registry/cutover/store-busy.js';
import type { AuditRepository } from './audit-repository.js';
import { withoutWaiting } from './without-waiting.js';

/** What holds are set with. */
export interface HoldParts {
  readonly database: BetterSqlite3.Database;
  /** On the same database. */
  readonly standingRoutes: Pick<StandingRoutes, 'all' | 'set'>;
  readonly audit: Pick<AuditRepository, 'insertWithin'>;
  /** Throws when the database file is no longer the one that its path names. */
  readonly assertInPlace: () => void;
}

/** Routes of the guard, in the store. */
export class StoredHolds implements Holds {
  constructor(private readonly parts: HoldParts) {}

  hold(
    route: StandingRoute,
    question: CorrelationId,
    isStillSo: (standing: readonly StandingRoute[]) => boolean,
  ): TriedHold {
    const { database, standingRoutes, audit, assertInPlace } = this.parts;
    const tried = database.transaction((): TriedHold => {
      const standing = standingRoutes.all();
      if (!isStillSo(standing)) return { isSet: false, standing };
      standingRoutes.set(route);
      audit.insertWithin([entryOf(route, question)]);
      return { isSet: true, standing: standingRoutes.all() };
    });
    try {
      assertInPlace();
      return withoutWaiting(database, () => tried.immediate());
    } catch (error) {
      if (error instanceof StoreBusy) throw error;
      throw new StoreFailed('a client could not be held back', error);
    }
  }
}

function entryOf(
  { clientId, protocol, operation, at, route, reason }: StandingRoute,
  correlationId: CorrelationId,
): AuditEntry {
  return {
    at,
    correlationId,
    clientId: 'guard',
    protocol: 'guard',
    operation: 'cutover set',
    subject: null,
    outcome: 'done',
    keptSource: null,
    detail: {
      remoteAddress: 'localhost',
      scope: { clientId, protocol, operation },
      route: { route },
      reason,
    },
  };
}
