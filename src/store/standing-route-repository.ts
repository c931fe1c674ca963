import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { protocols } from '../access/legacy-client.js';
import { StoreFailed } from '../errors/errors.js';
import {
  routes,
  type RouteScope,
  type StandingRoute,
  type StandingRoutes,
} from '../registry/cutover/route.js';
import { afterSetting, isForSome, type Setting } from '../registry/cutover/standing-change.js';
import { standingRouteQueries } from './standing-route-queries.js';

/** What standing routes are kept with. */
export interface StandingRouteParts {
  readonly database: BetterSqlite3.Database;
  /** Throws when the database file is no longer the one that its path names. */
  readonly assertInPlace: () => void;
}

/**
 * Routes that were set while the adapter ran, in the store. They are asked for under every question, so they are read again only
 * once somebody has written to the database. @throws StoreFailed from everything
 */
export class StoredStandingRoutes implements StandingRoutes {
  readonly #statements: Statements;
  #known: { readonly version: unknown; readonly routes: readonly StandingRoute[] } | undefined;

  constructor(private readonly parts: StandingRouteParts) {
    this.#statements = prepare(parts.database);
  }

  all(): readonly StandingRoute[] {
    return this.#attempt(() => {
      // Asked for before the rows: what is written between the two is read twice rather than never.
      const version = this.#statements.dataVersion.get();
      if (this.#known !== undefined && this.#known.version === version) return this.#known.routes;
      const found = this.#read();
      this.#known = { version, routes: found };
      return found;
    });
  }

  set(route: StandingRoute, setting?: Setting): void {
    this.#write(() => {
      const next = afterSetting(this.#read(), route, setting);
      // A handful of rows.
      this.#statements.clearAll.run();
      for (const one of next) this.#add(one);
    });
  }

  clear(scope: RouteScope): number {
    return this.#write(() => this.#statements.clear.run(scopeOf(scope)).changes);
  }

  #read(): readonly StandingRoute[] {
    return this.#statements.all.all().map((row) => routeRow.parse(row));
  }

  #add(one: StandingRoute): void {
    const { setBy, route, percent = null, reason = null } = one;
    this.#statements.add.run({
      ...scopeOf(one),
      setBy,
      isForSome: isForSome(one) ? 1 : 0,
      route,
      percent,
      at: one.at.getTime(),
      reason,
    });
  }

  #write<Result>(work: () => Result): Result {
    return this.#attempt(() => {
      this.parts.assertInPlace();
      // The version does not move with what this connection writes.
      this.#known = undefined;
      return this.parts.database.transaction(work).immediate();
    });
  }

  #attempt<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw new StoreFailed('the routes that were set could not be read or written', error);
    }
  }
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: BetterSqlite3.Database) {
  const prepared = (sql: string): BetterSqlite3.Statement => database.prepare(sql);
  return {
    dataVersion: prepared(standingRouteQueries.dataVersion).pluck(),
    all: prepared(standingRouteQueries.all),
    add: prepared(standingRouteQueries.add),
    clearAll: prepared(standingRouteQueries.clearAll),
    clear: prepared(standingRouteQueries.clear),
  };
}

function scopeOf({ clientId, protocol, operation }: RouteScope): Readonly<Record<keyof RouteScope, string>> {
  return { clientId: clientId ?? '', protocol: protocol ?? '', operation: operation ?? '' };
}

const anyOr = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.literal('').transform(() => undefined), schema]);

const routeRow = z.object({
  clientId: anyOr(z.string()),
  protocol: anyOr(z.enum(protocols)),
  operation: anyOr(z.string()),
  route: z.enum(routes),
  percent: z
    .number()
    .nullable()
    .transform((percent) => percent ?? undefined),
  setBy: z.enum(['operator', 'guard']),
  at: z.number().transform((at) => new Date(at)),
  reason: z
    .string()
    .nullable()
    .transform((reason) => reason ?? undefined),
});
