import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { StoreFailed } from '../errors/errors.js';
import type {
  ComparisonFigures,
  CutoverFigures,
  DayRange,
  DifferenceFigures,
  FailureFigures,
  UsedField,
  UsedOperation,
} from '../registry/cutover/readiness/figures.js';
import { sources } from '../registry/cutover/route.js';
import { cutoverFigureQueries } from './cutover-figure-queries.js';

/** What is known of the cutover in the store, added up. @throws StoreFailed from everything */
export class StoredCutoverFigures implements CutoverFigures {
  readonly #statements: Statements;

  constructor(database: BetterSqlite3.Database) {
    this.#statements = prepare(database);
  }

  operations(): readonly UsedOperation[] {
    return read(() => this.#statements.operations.all().map((row) => operationRow.parse(row)));
  }

  fields(): readonly UsedField[] {
    return read(() => this.#statements.fields.all().map((row) => fieldRow.parse(row)));
  }

  comparisons(days: DayRange): readonly ComparisonFigures[] {
    return read(() =>
      this.#statements.comparisons.all(days).map((row) => {
        const {
          pregFailed,
          persontjenestenFailed,
          pregMilliseconds,
          persontjenestenMilliseconds,
          dropped,
          sampledOut,
          ...rest
        } = comparisonRow.parse(row);
        return {
          ...rest,
          left: { dropped, sampledOut },
          failed: { preg: pregFailed, persontjenesten: persontjenestenFailed },
          milliseconds: { preg: pregMilliseconds, persontjenesten: persontjenestenMilliseconds },
        };
      }),
    );
  }

  differences(days: DayRange): readonly DifferenceFigures[] {
    return read(() =>
      this.#statements.differences.all(days).map((row) => {
        const { identity, ...rest } = differenceRow.parse(row);
        return { ...rest, isIdentity: identity === 1 };
      }),
    );
  }

  failures(days: DayRange): readonly FailureFigures[] {
    return read(() => this.#statements.failures.all(days).map((row) => failureRow.parse(row)));
  }
}

function read<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new StoreFailed('what is known of the cutover could not be read', error);
  }
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: BetterSqlite3.Database) {
  const prepared = (sql: string): BetterSqlite3.Statement => database.prepare(sql);
  return {
    operations: prepared(cutoverFigureQueries.operations),
    fields: prepared(cutoverFigureQueries.fields),
    comparisons: prepared(cutoverFigureQueries.comparisons),
    differences: prepared(cutoverFigureQueries.differences),
    failures: prepared(cutoverFigureQueries.failures),
  };
}

const instant = z.number().transform((at) => new Date(at));
const operation = { clientId: z.string(), protocol: z.string(), operation: z.string() };
const seen = { firstSeen: instant, lastSeen: instant };

const operationRow = z.object({ ...operation, questions: z.number(), ...seen });

const fieldRow = z.object({ ...operation, field: z.string(), answers: z.number(), ...seen });

const comparisonRow = z.object({
  ...operation,
  rules: z.string(),
  dropped: z.number(),
  sampledOut: z.number(),
  questions: z.number(),
  compared: z.number(),
  expected: z.number(),
  unexplained: z.number(),
  identity: z.number(),
  pregFailed: z.number(),
  pregMilliseconds: z.number(),
  persontjenestenFailed: z.number(),
  persontjenestenMilliseconds: z.number(),
});

const differenceRow = z.object({
  clientId: z.string(),
  field: z.string(),
  class: z.enum(['expected', 'unexplained']),
  reason: z.string().transform((reason) => (reason === '' ? undefined : reason)),
  identity: z.number(),
  rules: z.string(),
  questions: z.number(),
  ...seen,
});

const failureRow = z.object({
  clientId: z.string(),
  source: z.enum(sources),
  code: z.string(),
  rules: z.string(),
  questions: z.number(),
});
