import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { StoreFailed } from '../errors/errors.js';
import type { ComparedAnswers, ComparisonLog, NotCompared } from '../registry/cutover/compared-answers.js';
import type { FieldDifference } from '../registry/cutover/comparison/comparer.js';
import { StoreBusy } from '../registry/cutover/store-busy.js';
import { comparisonQueries } from './comparison-queries.js';
import { dayOf, tallyOf, verdictOf, type ComparisonVerdict, type RulesOfClient } from './comparison-tally.js';
import { withoutWaiting } from './without-waiting.js';
import type { Pseudonymiser } from './pseudonymiser.js';
import type { SealedPlace, Sealer } from './sealer.js';

/** What comparisons are kept with. */
export interface ComparisonParts {
  readonly database: BetterSqlite3.Database;
  readonly sealer: Sealer;
  readonly pseudonymiser: Pseudonymiser;
  /** Throws when the database file is no longer the one that its path names. */
  readonly assertInPlace: () => void;
}

/** A question of which the registers did not say the same, as it is read back. */
export type StoredComparison = z.output<typeof comparisonRow> & {
  readonly differences: readonly StoredDifference[];
};

/** A field in which they differed. */
export interface StoredDifference {
  readonly field: string;
  readonly isIdentity: boolean;
  readonly class: string;
  readonly reason: string | undefined;
  readonly kinds: { readonly preg: string; readonly persontjenesten: string };
  /** Whether it was kept what each said. */
  readonly hasValues: boolean;
  /**
   * What each said, where that was kept; undefined where it was not.
   * @throws SealBroken, UnknownSealingKey
   */
  readonly values: () => DifferingValues | undefined;
}

/** What each register said in a field. */
export type DifferingValues = z.output<typeof valuesForm>;

/** Which comparisons are looked at. */
export interface ComparisonSelection {
  readonly clientId: string;
  readonly verdict: ComparisonVerdict;
  /** Those that differ in that field. */
  readonly field?: string | undefined;
  readonly limit: number;
}

/** Rows that one portion takes away, so that nobody waits for the write lock for long. */
const PORTION = 1_000;

/**
 * What came of asking both registers, in the store. Each question is counted; a row of its own is kept of those alone in which they
 * did not say the same, under the pseudonym of whom it was for.
 */
export class StoredComparisons implements ComparisonLog {
  readonly #parts: ComparisonParts;
  readonly #statements: Statements;

  constructor(parts: ComparisonParts) {
    this.#parts = parts;
    this.#statements = prepare(parts.database);
  }

  record(compared: readonly ComparedAnswers[], notCompared: readonly NotCompared[] = []): void {
    this.#record(compared, notCompared, {});
  }

  /**
   * The same log, which also keeps values that are given as long as they are wanted, sealed; without it none is kept.
   * @param rulesOf by what the answers to each client are compared
   */
  keepingValues(areWanted: () => boolean, rulesOf?: RulesOfClient): ComparisonLog {
    return {
      record: (compared, notCompared = []) => {
        this.#record(compared, notCompared, { withValues: areWanted(), rulesOf });
      },
    };
  }

  #record(
    compared: readonly ComparedAnswers[],
    notCompared: readonly NotCompared[],
    {
      withValues = false,
      rulesOf,
    }: { readonly withValues?: boolean; readonly rulesOf?: RulesOfClient | undefined },
  ): void {
    if (compared.length === 0 && notCompared.length === 0) return;
    const { days, left, failures, fields } = tallyOf(compared, notCompared, rulesOf);
    const { database } = this.#parts;
    const record = database.transaction(() => {
      for (const row of days) this.#statements.count.run(row);
      for (const row of left) this.#statements.countNotCompared.run(row);
      for (const row of failures) this.#statements.countFailure.run(row);
      for (const row of fields) this.#statements.countField.run(row);
      for (const one of compared) {
        const verdict = verdictOf(one);
        if (verdict !== undefined) this.#add(one, verdict, withValues);
      }
    });
    this.#attempt(() => {
      this.#parts.assertInPlace();
      withoutWaiting(database, () => {
        record.immediate();
      });
    });
  }

  /** The newest of a client first. @throws StoreFailed */
  list({ clientId, verdict, field, limit }: ComparisonSelection): readonly StoredComparison[] {
    return this.#attempt(() =>
      this.#statements.ofClient
        .all({ clientId, verdict, field: field ?? null, before: Number.MAX_SAFE_INTEGER, limit })
        .map((found) => {
          const row = comparisonRow.parse(found);
          return { ...row, differences: this.#differencesOf(row.id) };
        }),
    );
  }

  /** Deletes some of what was recorded before then, and of what was counted. @returns how much, 0 when nothing is left */
  forgetBefore(instant: Date): number {
    const before = instant.getTime();
    const day = { day: dayOf(instant), limit: PORTION };
    return this.#write(() => {
      const ids = this.#statements.oldest.all({ before, limit: PORTION }).map((id) => z.number().parse(id));
      for (const id of ids) {
        this.#statements.forgetDifferences.run(id);
        this.#statements.forgetValuesOf.run(id);
        this.#statements.forget.run(id);
      }
      return (
        ids.length +
        this.#statements.forgetDays.run(day).changes +
        this.#statements.forgetFailureDays.run(day).changes +
        this.#statements.forgetFieldDays.run(day).changes
      );
    });
  }

  /** Deletes some of the values that were kept before then. @returns how many, 0 when none is left */
  forgetValuesBefore(instant: Date): number {
    const parameters = { before: instant.getTime(), limit: PORTION };
    return this.#write(() => this.#statements.forgetValues.run(parameters).changes);
  }

  #add(one: ComparedAnswers, verdict: ComparisonVerdict, withValues: boolean): void {
    const { preg, persontjenesten } = one.outcomes;
    const { lastInsertRowid } = this.#statements.add.run({
      at: one.at.getTime(),
      correlationId: one.correlationId,
      clientId: one.clientId,
      protocol: one.protocol ?? null,
      operation: one.operation ?? null,
      route: one.route,
      answeredBy: one.answeredBy,
      pseudonym: one.subject === undefined ? null : this.#parts.pseudonymiser.pseudonymOf(one.subject),
      verdict,
      pregOutcome: preg.outcome,
      pregMilliseconds: Math.round(preg.milliseconds),
      persontjenestenOutcome: persontjenesten.outcome,
      persontjenestenMilliseconds: Math.round(persontjenesten.milliseconds),
    });
    const id = Number(lastInsertRowid);
    (one.differences ?? []).forEach((difference, position) => {
      this.#addDifference(id, position, difference);
      const { values } = difference;
      if (!withValues || values === undefined) return;
      const content = Buffer.from(JSON.stringify(values), 'utf8');
      const sealedValues = this.#parts.sealer.seal(content, placeOf(id, position));
      this.#statements.addValues.run({ comparison: id, position, at: one.at.getTime(), sealedValues });
    });
  }

  #addDifference(comparison: number, position: number, difference: FieldDifference): void {
    const { field, isIdentity, class: kind, reason = null, kinds } = difference;
    this.#statements.addDifference.run({
      comparison,
      position,
      field,
      identity: isIdentity ? 1 : 0,
      class: kind,
      reason,
      pregKind: kinds.preg,
      persontjenestenKind: kinds.persontjenesten,
    });
  }

  #differencesOf(comparison: number): readonly StoredDifference[] {
    return this.#statements.differences.all(comparison).map((found) => {
      const { position, sealedValues, identity, pregKind, persontjenestenKind, ...row } =
        differenceRow.parse(found);
      return {
        ...row,
        isIdentity: identity === 1,
        kinds: { preg: pregKind, persontjenesten: persontjenestenKind },
        hasValues: sealedValues !== null,
        values: () => (sealedValues === null ? undefined : this.#opened(sealedValues, comparison, position)),
      };
    });
  }

  #opened(sealed: Uint8Array, comparison: number, position: number): DifferingValues {
    const content = Buffer.from(this.#parts.sealer.open(sealed, placeOf(comparison, position)));
    return valuesForm.parse(JSON.parse(content.toString('utf8')));
  }

  #write<Result>(work: () => Result): Result {
    return this.#attempt(() => {
      this.#parts.assertInPlace();
      return this.#parts.database.transaction(work).immediate();
    });
  }

  #attempt<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (error instanceof StoreBusy) throw error;
      throw new StoreFailed('comparisons could not be read or written', error);
    }
  }
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: BetterSqlite3.Database) {
  const prepared = (sql: string): BetterSqlite3.Statement => database.prepare(sql);
  const queries = comparisonQueries;
  return {
    add: prepared(queries.add),
    addDifference: prepared(queries.addDifference),
    addValues: prepared(queries.addValues),
    count: prepared(queries.count),
    countNotCompared: prepared(queries.countNotCompared),
    countFailure: prepared(queries.countFailure),
    countField: prepared(queries.countField),
    ofClient: prepared(queries.ofClient),
    differences: prepared(queries.differences),
    oldest: prepared(queries.oldest).pluck(),
    forget: prepared(queries.forget),
    forgetDifferences: prepared(queries.forgetDifferences),
    forgetValuesOf: prepared(queries.forgetValuesOf),
    forgetDays: prepared(queries.forgetDays),
    forgetFailureDays: prepared(queries.forgetFailureDays),
    forgetFieldDays: prepared(queries.forgetFieldDays),
    forgetValues: prepared(queries.forgetValues),
  };
}

/** The ids never come back: values cannot be moved to another comparison, nor to another field of the same. */
function placeOf(comparison: number, position: number): SealedPlace {
  return { table: 'comparison_value', column: 'sealed_values', row: `${comparison} ${position}` };
}

const comparisonRow = z.object({
  id: z.number(),
  at: z.number().transform((at) => new Date(at)),
  correlationId: z.string(),
  clientId: z.string(),
  protocol: z.string().nullable(),
  operation: z.string().nullable(),
  route: z.string(),
  answeredBy: z.string(),
  pseudonym: z.string().nullable(),
  verdict: z.string(),
  pregOutcome: z.string(),
  pregMilliseconds: z.number(),
  persontjenestenOutcome: z.string(),
  persontjenestenMilliseconds: z.number(),
});

const differenceRow = z.object({
  position: z.number(),
  field: z.string(),
  identity: z.number(),
  class: z.string(),
  reason: z
    .string()
    .nullable()
    .transform((reason) => reason ?? undefined),
  pregKind: z.string(),
  persontjenestenKind: z.string(),
  sealedValues: z.instanceof(Uint8Array).nullable(),
});

const valuesForm = z.object({ preg: z.string().nullable(), persontjenesten: z.string().nullable() });
